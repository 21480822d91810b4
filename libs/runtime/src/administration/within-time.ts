import { AppError } from '../errors/app-error.js';
import type { Database, Queryable } from '../platform/database.js';
import { transactionWithin } from '../platform/time-limit.js';

/** Postgres ends a statement of an administrator after this time: the connections are for the answers of users. */
export const STATEMENT_MS = 5_000;

/** Reads the rows of everybody, for a bounded time. Throws `AppError` `service.unavailable`, which says how to ask for less. */
export async function withinTime<T extends object>(
  db: Database,
  less: string,
  read: (rows: Queryable) => Promise<T>,
): Promise<T> {
  const found = await transactionWithin(db.system, STATEMENT_MS, read);
  if (found) return found;
  throw new AppError('service.unavailable', `This took longer than ${STATEMENT_MS / 1_000} s. ${less}`);
}
