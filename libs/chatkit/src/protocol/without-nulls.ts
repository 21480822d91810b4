/** The value without nulls at any depth: keys that hold one, and entries of lists that are one [SER-4]. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.filter((entry) => entry !== null).map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined);
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutNulls(entry)])) as T;
}
