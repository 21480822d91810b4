/** Work by what it is (`Redis commands`) and by its parts (`evalsha`). */
export type Tally = Readonly<Record<string, Parts>>;
export type Parts = Readonly<Record<string, number>>;

/** What a whole answer costs, and what of it belongs to the turn and to each token. */
export interface Split {
  readonly turn: number;
  readonly token: number;
}

export interface Lengths<T> {
  readonly short: T;
  readonly long: T;
}

export const sumOf = (parts: Parts): number => Object.values(parts).reduce((sum, value) => sum + value, 0);

/** `change` of each part in both, where a part that is missing counts as 0. */
export function combine(a: Tally, b: Tally, change: (a: number, b: number) => number): Tally {
  return Object.fromEntries(keysOf(a, b).map((group) => [group, combineParts(a[group] ?? {}, b[group] ?? {}, change)]));
}

const combineParts = (a: Parts, b: Parts, change: (a: number, b: number) => number): Parts =>
  Object.fromEntries(keysOf(a, b).map((part) => [part, change(a[part] ?? 0, b[part] ?? 0)]));

const keysOf = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

export const between = (before: Tally, after: Tally): Tally => combine(before, after, (from, to) => to - from);

export const per = (tally: Tally, count: number): Tally => combine(tally, tally, (value) => value / count);

/** A line through two points: what an answer costs at two lengths. */
export function split(cost: Lengths<number>, tokens: Lengths<number>): Split {
  const token = (cost.long - cost.short) / (tokens.long - tokens.short);
  return { token, turn: cost.short - token * tokens.short };
}
