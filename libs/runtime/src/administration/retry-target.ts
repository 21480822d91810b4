import type { Queryable } from '../platform/database.js';
import { bool, nullable, query, type RowOf, text, unprepared } from '../platform/statement.js';
import type { RunState } from '../runs/run.js';

const TARGET = {
  id: text(),
  tenantId: text(),
  ownerId: text(),
  threadId: nullable(text()),
  triggerItemId: nullable(text()),
  assistantId: text(),
  state: text<RunState>(),
  /** It is an answer to a message, which is still there. */
  answersMessage: bool(),
};

/** What a retry needs to know of a run. */
export type RetryTarget = RowOf<typeof TARGET>;

const LOAD = unprepared(
  'admin-run-retry',
  `SELECT id, tenant_id AS "tenantId", owner_id AS "ownerId", thread_id AS "threadId", trigger_item_id AS "triggerItemId",
          assistant_id AS "assistantId", state,
          EXISTS (SELECT 1 FROM items WHERE thread_id = runs.thread_id AND id = runs.trigger_item_id
                                        AND type = 'user_message') AS "answersMessage"
   FROM runs WHERE id = $1`,
  TARGET,
);

/** Undefined if there is no such run. */
export async function loadRetryTarget(db: Queryable, runId: string): Promise<RetryTarget | undefined> {
  return (await query(db, LOAD, [runId])).rows[0];
}
