import { number, table } from '../against/numbers.js';
import { type Ratio, ratioOf } from '../rounds.js';
import { median } from '../stats.js';

/** One number of one round, beside the same number of what has not grown, right before or right after. */
export interface Grown {
  /** How large it was. */
  readonly label: string;
  readonly kind: string;
  readonly value: number;
  readonly base: number;
}

/** A row for each kind of number, a column for each size: the median, and how it compares within each round. */
export function grownTable(title: string, samples: readonly Grown[]): string[] {
  const kinds = [...new Set(samples.map(({ kind }) => kind))];
  const labels = [...new Set(samples.map(({ label }) => label))];
  const rows = kinds.map((kind) => [
    kind,
    number(median(samples.filter((one) => one.kind === kind).map(({ base }) => base))),
    ...labels.map((label) => cell(samples.filter((one) => one.kind === kind && one.label === label))),
  ]);
  return table(['', title, ...labels], rows);
}

function cell(samples: readonly Grown[]): string {
  const values = samples.map(({ value }) => value);
  const ratio = ratioOf(
    values,
    samples.map(({ base }) => base),
  );
  return ratio ? `${number(median(values))}, × ${textOf(ratio)}` : '-';
}

const textOf = ({ median: middle, least, most }: Ratio): string =>
  `${middle.toFixed(2)} (${least.toFixed(2)}..${most.toFixed(2)})`;
