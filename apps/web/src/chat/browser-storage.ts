/** Of a `Storage`, what the pages use. */
export type Area = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * The browser's `localStorage`. Where it is blocked, even reading the property throws, and some browsers have null there: what is
 * stored is then known until the page is left.
 */
export function browserStorage(read: () => Area | null = () => localStorage): Area {
  try {
    const area = read();
    if (area) return area;
  } catch {
    // Blocked: see above.
  }
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
