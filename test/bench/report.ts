import { cpuIsMeasured } from './cpu.js';
import { median } from './stats.js';
import type { Summary } from './summary.js';

/** The one place of the bench that prints. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

const COLUMNS: readonly (readonly [string, (row: Summary) => string])[] = [
  ['scenario', (row) => row.scenario],
  ['variant', (row) => row.variant],
  ['turns (bad)', (row) => `${row.turns} (${row.bad})`],
  ['turns/s', (row) => number(row.turnsPerSecond, 0)],
  ['tokens/s', (row) => number(row.tokensPerSecond, 0)],
  [
    'CPU µs/token (range)',
    (row) => cpu(row, `${number(row.cpuTotal)} (${row.cpuRange.map((end) => number(end)).join('..')})`),
  ],
  ['api / worker / redis / postgres', (row) => cpu(row, ROLES.map((role) => number(row.cpu[role])).join(' / '))],
  ['CPU × inline', (row) => cpu(row, number(row.cpuOverInline, 2))],
  ['TTFT p50 / p99 ms', (row) => `${number(row.ttftP50)} / ${number(row.ttftP99)}`],
  ['p50 over direct', (row) => signed(row.ttftOverDirect, 1)],
  ['delta p50 / p99 ms', (row) => `${number(row.deltaP50, 2)} / ${number(row.deltaP99)}`],
  ['p50 over direct', (row) => signed(row.deltaOverDirect, 2)],
  [
    'client / provider µs/token',
    (row) =>
      Object.values(row.benchCpu)
        .map((used) => number(used))
        .join(' / '),
  ],
];

const ROLES = ['api', 'worker', 'redis', 'postgres'];

/** A Markdown table, one row for each scenario and variant. */
export function tableOf(rows: readonly Summary[]): string {
  const lines = [COLUMNS.map(([title]) => title), COLUMNS.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

const cells = (row: Summary): string[] => COLUMNS.map(([, cell]) => cell(row));

/** What the numbers are held against; docs/performance.md says why. */
export function goalsOf(rows: readonly Summary[]): string[] {
  const product = (scenario: string) => rows.find((row) => row.variant === 'product' && row.scenario === scenario);
  const [firehose, light] = [product('firehose'), product('light')];
  return [
    goal('CPU a token, firehose', firehose?.cpuOverInline, 0.55, '× inline'),
    goal('TTFT p50 over direct, light', light?.ttftOverDirect, 6, 'ms'),
    goal('delta latency p50 over direct, light', light?.deltaOverDirect, 0.5, 'ms'),
    goal('delta latency p99, light', light?.deltaP99, 10, 'ms'),
    goal('turns and threads that were not exact', sum(rows), 0, ''),
  ].flat();
}

function goal(what: string, value: number | undefined, limit: number, unit: string): string[] {
  if (value === undefined || Number.isNaN(value)) return [];
  return [`${value <= limit ? 'met    ' : 'NOT met'}  ${what}: ${number(value, 2)} ${unit} (goal: at most ${limit})`];
}

/** Whether the machine was ours: CPU a token hardly suffers from company, latencies do at once. */
export const foreignLine = (cores: readonly number[]): string =>
  `Other work on this machine meanwhile: ${number(median(cores), 2)} cores (worst slot ${number(Math.max(...cores), 2)}).`;

const sum = (rows: readonly Summary[]): number => rows.reduce((total, row) => total + row.bad, 0);

const cpu = (row: Summary, text: string): string => {
  if (!cpuIsMeasured) return 'not measured';
  return row.variant === 'direct' ? '-' : text;
};

const number = (value: number | undefined, digits = 1): string =>
  value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);

const signed = (value: number, digits: number): string => `${value > 0 ? '+' : ''}${number(value, digits)}`;
