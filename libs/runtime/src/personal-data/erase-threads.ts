import type { EventEngine } from '../events/event-engine.js';
import type { Queryable } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';

/** What a thread has, a thousand items perhaps, goes with it in the same statement. */
const AT_ONCE = 50;

const RUNS = unprepared('erase-threads-runs', 'SELECT id FROM runs WHERE thread_id = ANY($1::text[])', { id: text() });
const DELETE = unprepared('erase-threads', 'DELETE FROM threads WHERE id = ANY($1::text[])');
/** No retention period is shorter than a day. */
const DELETE_IDLE = unprepared(
  'erase-threads-idle',
  `DELETE FROM threads WHERE id = ANY($1::text[]) AND coalesce(last_item_at, created_at) < now() - interval '1 day'
     AND NOT EXISTS (SELECT 1 FROM runs WHERE thread_id = threads.id AND settled_at IS NULL)`,
);

/**
 * Deletes threads with their items, runs, feedback, the attachments that no other thread uses, and the copies in the run log. The
 * copies go first: what fails in between is found again by its row. `idle`: a thread that gets a message meanwhile stays. Returns how
 * many runs there were.
 */
export async function eraseThreads(
  db: Queryable,
  { log }: Pick<EventEngine, 'log'>,
  threadIds: readonly string[],
  which: 'all' | 'idle',
): Promise<number> {
  let runs = 0;
  for (let first = 0; first < threadIds.length; first += AT_ONCE) {
    const ids = threadIds.slice(first, first + AT_ONCE);
    const runIds = (await query(db, RUNS, [ids])).rows.map(({ id }) => id);
    await log.delete(runIds);
    await query(db, which === 'all' ? DELETE : DELETE_IDLE, [ids]);
    runs += runIds.length;
  }
  return runs;
}
