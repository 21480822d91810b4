/** An object of the wire whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
/** The objects in a list; everything else in it is left out. */
export const listOf = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.map(fields).filter((entry) => entry !== undefined) : [];
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Undefined for an empty text as well: there is nothing to show. */
export const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
export const optionalNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
/** A position in a list. */
export const indexOf = (value: unknown): number => Math.max(0, Math.trunc(optionalNumber(value) ?? 0));
/** One of the given words, else the first of them. */
export const oneOf = <Word extends string>(value: unknown, words: readonly [Word, ...Word[]]): Word =>
  words.find((word) => word === value) ?? words[0];
