/** An error whose message says what is wrong and how to fix it. Printed without a stack. */
export class LauncherError extends Error {
  override readonly name = 'LauncherError';
}

/** The code of a system error (`EACCES`, `ENOENT` …). */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
