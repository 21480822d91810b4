import type { EventEngine } from '../events/event-engine.js';
import type { Database } from '../platform/database.js';
import { query } from '../platform/statement.js';
import { ANONYMISE_LATE, CLOSE, FORGET_LATE_QUOTAS, OPEN } from './erase-statements.js';

/** Longer than a worker that has lost its run, or waits for Postgres, goes on with it. */
const LATE_MS = 15 * 60_000;

/**
 * Erases what workers have written of runs that were open when their user was erased. Part of each sweep; with no erasure in
 * the last 15 minutes it is one statement that reads an empty index. Returns the erasures that were closed.
 */
export async function finishErasures(db: Database, { log }: Pick<EventEngine, 'log'>): Promise<number> {
  const { rows } = await query(db.system, OPEN);
  if (rows.length === 0) return 0;
  const lateIds = rows.flatMap((row) => row.lateIds ?? []);
  if (lateIds.length > 0) {
    await query(db.system, ANONYMISE_LATE, [lateIds]);
    await log.delete(lateIds);
  }
  await query(db.system, FORGET_LATE_QUOTAS);
  const { rowCount } = await query(db.system, CLOSE, [LATE_MS]);
  return rowCount ?? 0;
}
