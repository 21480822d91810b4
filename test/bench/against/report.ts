import { cpuIsMeasured } from '../cpu.js';
import { foreignLine } from '../report.js';
import type { Comparison } from './compare.js';
import type { Finding, Findings, SplitFinding } from './findings.js';
import { number, signed, table } from './numbers.js';
import type { Shape } from './plan.js';
import type { Sample } from './samples.js';
import { verdictLines } from './verdict.js';

/** Parts of these are many: only those that differ are named. */
const LISTED_BY_DIFFERENCE = new Set(['Redis commands', 'SQL statements']);
const DIFFERENCES_SHOWN = 8;
const NAME_LENGTH = 100;
/** In a whole answer: less is what fell into the one slot or the other. */
const LEAST_SHOWN = 0.05;

export function reportLines(findings: Findings, samples: readonly Sample[]): string[] {
  const { boots, rest, times, counts } = findings;
  const shapes = new Map([...times, ...counts].map(({ shape }) => [shape.name, shape]));
  return [
    '',
    ...singleTable('start', boots),
    '',
    ...singleTable('a second at rest', rest),
    ...[...shapes.values()].flatMap((shape) =>
      shapeLines(
        shape,
        [...times, ...counts].filter((one) => one.shape.name === shape.name),
      ),
    ),
    '',
    cpuIsMeasured ? foreignLine(samples.flatMap((one) => one.foreignCores ?? [])) : 'CPU is measured on Linux only.',
    `${samples.reduce((sum, one) => sum + one.turns, 0)} turns, ${samples.reduce((sum, one) => sum + one.bad, 0)} not exact.`,
    ...new Set(samples.flatMap(({ faults }) => faults.map((fault) => `not exact: ${fault}`))),
    '',
    ...verdictLines(findings),
  ];
}

const COLUMNS = ['this', 'other', 'this ÷ other', 'A/A'];

function singleTable(title: string, findings: readonly Finding[]): string[] {
  const rows = findings.filter(isShown).map((one) => [nameOf(one), ...cells(one.comparison)]);
  return table([title, ...COLUMNS], rows);
}

function shapeLines({ name, concurrency, tokens }: Shape, findings: readonly SplitFinding[]): string[] {
  const title = `${name}: ${concurrency} at once, ${tokens.short} and ${tokens.long} tokens`;
  const header = [title, ...COLUMNS.map((column) => `turn: ${column}`), ...COLUMNS.map((column) => `token: ${column}`)];
  const rows = findings.filter(isShown).map((one) => [nameOf(one), ...cells(one.turn), ...cells(one.token)]);
  return ['', ...table(header, rows), ...differenceLines(findings)];
}

const isShown = ({ group, part }: { readonly group: string; readonly part: string | undefined }): boolean =>
  part === undefined || !LISTED_BY_DIFFERENCE.has(group);

function differenceLines(findings: readonly SplitFinding[]): string[] {
  const listed = findings.filter((one) => !isShown(one));
  const lines = (['turn', 'token'] as const).flatMap((unit) =>
    listed
      .filter((one) => one[unit].verdict !== 'same' && inAnswer(one, unit) >= LEAST_SHOWN)
      .toSorted((a, b) => inAnswer(b, unit) - inAnswer(a, unit))
      .slice(0, DIFFERENCES_SHOWN)
      .map((one) => `${signed(one[unit].more)} a ${unit}: ${shorten(one.part ?? '')}`),
  );
  return lines.length > 0 ? ['', ...lines] : [];
}

function inAnswer({ shape, ...one }: SplitFinding, unit: 'turn' | 'token'): number {
  return Math.abs(one[unit].more) * (unit === 'token' ? shape.tokens.long : 1);
}

const shorten = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, NAME_LENGTH);

const nameOf = ({ group, part }: { readonly group: string; readonly part: string | undefined }): string =>
  part === undefined ? group : `· ${part}`;

const cells = (comparison: Comparison): string[] => [
  number(comparison.this),
  number(comparison.other),
  ratio(comparison),
  comparison.ratio === undefined
    ? `±${number(comparison.spread)}`
    : `±${((100 * comparison.spread) / comparison.other).toFixed(1)} %`,
];

const ratio = ({ ratio: value, verdict }: Comparison): string =>
  [value === undefined ? '-' : value.toFixed(3), verdict === 'same' ? '' : verdict].join(' ').trim();
