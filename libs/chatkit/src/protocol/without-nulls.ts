/**
 * The value without nulls at any depth: keys that hold one, and entries of lists that are one [SER-4]. An undefined
 * entry of a list would be written as null, so it is removed, too.
 */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.filter(isThere).map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => isThere(entry));
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutNulls(entry)])) as T;
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}
