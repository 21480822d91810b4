/**
 * Network failures, Postgres' codes for "not now" (starting, stopping, too many clients, deadlock, idle for too long), and
 * Prisma's codes for both.
 */
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'];
/** Another transaction was faster, and nothing was done. */
const CONFLICTS = new Set(['40P01', '40001']);
const POSTGRES = ['57P01', '57P02', '57P03', '53300', '25P03', ...CONFLICTS];
const PRISMA = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024'];
const AWAY = new Set([...NETWORK, ...POSTGRES, ...PRISMA]);
/** The errors of the pool and the driver have no code. */
const AWAY_MESSAGE =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error/;

/** Whether an error means that an engine is unavailable rather than that the request was wrong. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && AWAY.has(error.code)) return true;
  return AWAY_MESSAGE.test(error.message) || isUnavailable(error.cause);
}

/** Whether Postgres cancelled a statement, without effect, in favour of another one. */
export const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CONFLICTS.has(String(error.code));
