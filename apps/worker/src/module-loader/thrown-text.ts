/** What was thrown, as a text. Anything can be, also an object that `String` refuses. */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that has no text';
  }
}

/** The same of an error without its name. */
export const thrownMessage = (thrown: unknown): string => thrownText(thrown instanceof Error ? thrown.message : thrown);
