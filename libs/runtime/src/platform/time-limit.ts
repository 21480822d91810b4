import { type Queryable, type RowAccess } from './row-access.js';
import { query, unprepared } from './statement.js';

/** Until the transaction ends (`SET LOCAL`, as a statement with parameters). */
const LIMIT_TIME = unprepared('statement-time', `SELECT set_config('statement_timeout', $1, true)`);

/** `query_canceled` of Postgres. */
const CANCELLED = '57014';

/** A transaction in which Postgres ends each statement after `statementMs`; undefined if it has ended one. */
export async function transactionWithin<T extends object>(
  rows: RowAccess,
  statementMs: number,
  work: (tx: Queryable) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await rows.transaction(async (tx) => {
      await query(tx, LIMIT_TIME, [String(statementMs)]);
      return work(tx);
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === CANCELLED) return undefined;
    throw error;
  }
}
