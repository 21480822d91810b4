import { number, signed, table } from './against/numbers.js';
import { cpuIsMeasured } from './cpu.js';
import type { Ratio } from './rounds.js';
import type { Part, VariantSplit } from './splits.js';
import { median, type Spread } from './stats.js';
import type { Summary } from './summary.js';

/** The one place of the bench that prints. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Columns<Row> = readonly (readonly [string, (row: Row) => string])[];

export const ROLES = ['api', 'worker', 'redis', 'postgres'];
const BY_ROLE = ROLES.join(' / ');

const COSTS: Columns<Summary> = [
  ['scenario', (row) => row.scenario],
  ['variant', (row) => row.variant],
  ['turns (bad)', (row) => `${row.turns} (${row.bad})`],
  ['turns/s', (row) => number(row.turnsPerSecond)],
  ['tokens/s', (row) => row.tokensPerSecond.toFixed(0)],
  ['CPU ms a turn (range)', (row) => cpu(row, `${ms(row.cpuTotal)} (${row.cpuRange.map(ms).join('..')})`)],
  [BY_ROLE, (row) => cpu(row, byRole(row.cpu, ms))],
  ['µs a token', (row) => cpu(row, number(row.cpuPerToken))],
  ['× inline', (row) => cpu(row, ratio(row.overInline))],
  ['product ÷ it', (row) => cpu(row, ratio(row.productOver))],
  ['A/A', (row) => cpu(row, ratio(row.control))],
];

const LATENCIES: Columns<Summary> = [
  ['scenario', (row) => row.scenario],
  ['variant', (row) => row.variant],
  ['TTFT p50 / p95 / p99 ms', (row) => spread(row.ttftMs)],
  ['p50 over direct', (row) => over(row.ttftOverDirect)],
  ['× inline', (row) => ratio(row.ttftOverInline)],
  ['delta p50 / p95 / p99 ms', (row) => spread(row.deltaMs)],
  ['p50 over direct', (row) => over(row.deltaOverDirect)],
  ['CPU ms a turn of client / provider', (row) => Object.values(row.benchCpu).map(ms).join(' / ')],
];

const SPLITS: Columns<VariantSplit> = [
  ['tiny and firehose', (row) => row.variant],
  ['ms a turn without its tokens', (row) => ms(row.turn.cpuTotal)],
  [BY_ROLE, (row) => byRole(row.turn.cpu, ms)],
  ...ratios('turn'),
  ['µs a further token', (row) => number(row.token.cpuTotal)],
  [BY_ROLE, (row) => byRole(row.token.cpu, number)],
  ...ratios('token'),
];

function ratios(key: 'turn' | 'token'): Columns<VariantSplit> {
  const column = (of: (part: Part) => Ratio | undefined) => (row: VariantSplit) => ratio(of(row[key]));
  return [
    ['× inline', column((part) => part.overInline)],
    ['A/A', column((part) => part.control)],
  ];
}

/** Markdown tables: what everything costs, what of that a turn and a token do, and how long one waits. */
export function summaryLines(rows: readonly Summary[], splits: readonly VariantSplit[]): string[] {
  const costs = [...tableOf(COSTS, rows), ''];
  const split = splits.length > 0 ? [...tableOf(SPLITS, splits), ''] : [];
  return [...costs, ...split, ...tableOf(LATENCIES, rows), ''];
}

const tableOf = <Row>(columns: Columns<Row>, rows: readonly Row[]): string[] =>
  table(
    columns.map(([title]) => title),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );

/** Whether the machine was ours: CPU a token hardly suffers from company, latencies do at once. */
export const foreignLine = (cores: readonly number[]): string =>
  `Other work on this machine meanwhile: ${median(cores).toFixed(2)} cores (worst slot ${Math.max(...cores).toFixed(2)}).`;

const cpu = (row: Summary, text: string): string => {
  if (!cpuIsMeasured) return 'not measured';
  return row.variant === 'direct' ? '-' : text;
};

const byRole = (parts: Readonly<Record<string, number>>, show: (value: number) => string): string =>
  ROLES.map((role) => (parts[role] === undefined ? '-' : show(parts[role]))).join(' / ');

const ms = (micros: number): string => (micros / 1_000).toFixed(2);

/** The median, and the range over the rounds. */
const ratio = (value: Ratio | undefined): string =>
  value ? `${value.median.toFixed(2)} (${value.least.toFixed(2)}..${value.most.toFixed(2)})` : '-';

const spread = ({ p50, p95, p99 }: Spread): string => [p50, p95, p99].map(number).join(' / ');

const over = (value: number): string => (Number.isNaN(value) ? '-' : signed(value));
