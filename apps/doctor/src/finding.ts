/** `skip`: could not be looked at, and why. Only `fail` makes the command fail. */
export type Status = 'ok' | 'warn' | 'fail' | 'skip';

/** One line of the report. */
export interface Finding {
  readonly status: Status;
  readonly message: string;
  /** What to do about it; every `warn` and `fail` has one. */
  readonly fix?: string;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warn = (message: string, fix: string): Finding => ({ status: 'warn', message, fix });
export const fail = (message: string, fix: string): Finding => ({ status: 'fail', message, fix });
export const skip = (message: string): Finding => ({ status: 'skip', message });

/** The message of whatever was thrown, in one line. Several attempts of one connection fail as one error without a text. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${reasonOf(error.cause)})`;
  return `${error.message}${cause}`.replaceAll(/\s+/g, ' ').trim();
}
