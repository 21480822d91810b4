import type { EventEngine } from '../events/event-engine.js';
import type { Queryable } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';

/** What a thread has, a thousand items perhaps, goes with it in the same statement. */
const AT_ONCE = 50;

const RUNS = unprepared('erase-threads-runs', 'SELECT id FROM runs WHERE thread_id = ANY($1::text[])', { id: text() });
const DELETE = unprepared('erase-threads', 'DELETE FROM threads WHERE id = ANY($1::text[])');

/**
 * Deletes threads with their items, runs, feedback, the attachments that no other thread uses, and the copies in the run log. The
 * copies go first: what fails in between is found again by its row. Returns how many runs there were.
 */
export async function eraseThreads(
  db: Queryable,
  engine: Pick<EventEngine, 'log'>,
  threadIds: readonly string[],
): Promise<number> {
  let runs = 0;
  for (const ids of portionsOf(threadIds)) {
    runs += await eraseCopies(db, engine, ids);
    await query(db, DELETE, [ids]);
  }
  return runs;
}

/** As many threads as one statement deletes. */
export function* portionsOf(threadIds: readonly string[]): Iterable<readonly string[]> {
  for (let first = 0; first < threadIds.length; first += AT_ONCE) yield threadIds.slice(first, first + AT_ONCE);
}

/** Deletes what the run log has of threads. Returns how many runs there are. */
export async function eraseCopies(
  db: Queryable,
  { log }: Pick<EventEngine, 'log'>,
  threadIds: readonly string[],
): Promise<number> {
  const { rows } = await query(db, RUNS, [threadIds]);
  await log.delete(rows.map(({ id }) => id));
  return rows.length;
}
