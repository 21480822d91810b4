/** A parsed JSON object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

// Readers for the hot path, where a schema per delta costs too much: each reads a value that may be missing and returns something
// usable, so that a field of a wrong type reads as an absent one.

export function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Any type with its absent fields named as such. */
type Loose<T> = { [K in keyof T]: T[K] | undefined };

/** Without the fields that are undefined. */
export function dropAbsent<T extends object>(fields: Loose<T>): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
