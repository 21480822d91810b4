import type { ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { instant, prepared, query } from '../platform/statement.js';
import { raisedTo } from '../threads/item-times.js';
import { payloadJson } from '../threads/stored-size.js';
import type { Claim } from '../runs/run.js';

/**
 * The thread's row is locked before the run's, here and everywhere: it assigns positions in commit order, and a
 * deleted thread assigns none, so that it cannot be restored [CC-5]. An existing item keeps its position [ST-5] and time.
 */
const STORE = prepared(
  'run-item-store',
  `
    WITH thread AS (
      UPDATE threads SET last_position = last_position + 1, last_item_at = ${raisedTo('$7')}
      WHERE id = $1 RETURNING id, last_position, last_item_at
    ), owner AS (
      SELECT runs.id, runs.tenant_id, runs.owner_id, runs.trigger_position, thread.last_position,
             CASE WHEN $8::boolean THEN $7::timestamptz ELSE thread.last_item_at END AS created_at
      FROM runs JOIN thread ON runs.thread_id = thread.id
      WHERE runs.id = $2 AND runs.fence = $3 AND runs.state = 'working' FOR SHARE OF runs
    )
    INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, fence, type, payload, created_at)
    SELECT $1, $4, owner.tenant_id, owner.owner_id, owner.last_position, owner.trigger_position, $2, $3, $5, $6::json,
           owner.created_at
    FROM owner
    ON CONFLICT (thread_id, id) DO UPDATE SET type = excluded.type, payload = excluded.payload
    RETURNING created_at`,
  { created_at: instant() },
);

/** Where the time of an item comes from. */
export interface ItemTime {
  /** The assistant's code has chosen it: it is stored as it is, even if it is earlier than the item before. */
  readonly isChosen: boolean;
}

/**
 * Stores a finished item while this worker holds the run. Returns it as it is stored: its time may be later than given, see
 * {@link ItemTime}. Undefined when another worker has the run, and nothing was written. Throws `StoredTooLargeError`.
 */
export async function storeRunItem<Item extends ThreadItem>(
  db: Queryable,
  claim: Claim,
  item: Item,
  { isChosen }: ItemTime,
): Promise<Item | undefined> {
  const values = [
    claim.threadId,
    claim.runId,
    claim.fence,
    item.id,
    item.type,
    payloadJson(item),
    item.created_at,
    isChosen,
  ];
  const { rows } = await query(db, STORE, values);
  const [stored] = rows;
  return stored && { ...item, created_at: stored.created_at };
}

/** Locks as STORE does. The thread's row assigns no position here, so it is locked without being written. */
const REMOVE = prepared(
  'run-items-remove',
  `
    WITH thread AS (
      SELECT id FROM threads WHERE id = $1 FOR UPDATE
    ), owner AS (
      SELECT runs.id FROM runs JOIN thread ON runs.thread_id = thread.id
      WHERE runs.id = $2 AND runs.fence = $3 AND runs.state = 'working' FOR SHARE OF runs
    ), removed AS (
      DELETE FROM items USING owner WHERE items.thread_id = $1 AND items.id = ANY($4::text[])
    )
    SELECT id FROM owner`,
);

/**
 * Deletes items of the run's thread, whichever run made them; absent ones are ignored [PS-5]. Returns false when the run is
 * lost.
 */
export async function removeRunItems(db: Queryable, claim: Claim, ids: readonly string[]): Promise<boolean> {
  const { rowCount } = await query(db, REMOVE, [claim.threadId, claim.runId, claim.fence, ids]);
  return rowCount === 1;
}
