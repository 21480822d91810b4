import { newId, type ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { USAGE_COLUMNS, USED_COLUMNS, usageJson, usageRows } from '../usage/model-usage.js';
import type { Claim, Outcome } from './run.js';
import { itemColumns } from './run-items.js';

/**
 * The run's last items, its end and what it came to, at one commit. Locks the thread first, then the run, as everybody
 * does. The request's context is erased: nobody needs it any more. A run without a thread (the gateway's) leaves no items,
 * and its request is erased with its context: it holds what was said.
 */
const SETTLE = {
  name: 'run-settle',
  text: `
    WITH thread AS (
      UPDATE threads SET last_position = last_position + cardinality($4::text[]) WHERE id = $1 RETURNING id, last_position
    ), settled AS (
      UPDATE runs SET state = $8, context = NULL, lease_expires_at = NULL, settled_at = now(), error_code = $9,
                      error_detail = $10, provider = $11, model = $12, input_tokens = $13, output_tokens = $14,
                      usage = $15::jsonb, first_token_at = $16, user_error = $18::json, cost_micros = $19::bigint,
                      request = CASE WHEN runs.thread_id IS NULL THEN '{}' ELSE runs.request END
      FROM (VALUES (true)) AS always LEFT JOIN thread ON true
      WHERE runs.id = $2 AND runs.fence = $3 AND runs.state = $17 AND runs.thread_id IS NOT DISTINCT FROM thread.id
      RETURNING runs.id, runs.tenant_id, runs.owner_id, runs.trigger_position, thread.last_position
    ), stored AS (
      INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, fence, type, payload, created_at)
      SELECT $1, item.id, settled.tenant_id, settled.owner_id, settled.last_position - cardinality($4::text[]) + item.place,
             settled.trigger_position, settled.id, $3, item.type, item.payload::json, item.created_at
      FROM settled, unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[])
             WITH ORDINALITY AS item(id, type, payload, created_at, place)
      ON CONFLICT (thread_id, id) DO UPDATE SET type = excluded.type, payload = excluded.payload
    ), booked AS (
      INSERT INTO model_usage (${USAGE_COLUMNS})
      SELECT settled.id, $3, settled.tenant_id, settled.owner_id, ${USED_COLUMNS} FROM settled, ${usageRows('$20')}
      ON CONFLICT DO NOTHING
    )
    SELECT id FROM settled`,
};

/** Ends a run that is ours. False: it is somebody else's by now, and nothing was written. */
export async function settle(
  db: Queryable,
  claim: Claim,
  outcome: Outcome,
  lastItems: readonly ThreadItem[],
): Promise<boolean> {
  return end(db, { ...claim, state: 'working' }, outcome, lastItems);
}

/**
 * Whether a run has ended as its holder wanted, under the holder's fence: what a settle whose reply was lost looks
 * like afterwards.
 */
export async function isSettledAs(db: Queryable, held: Claim, state: Outcome['state']): Promise<boolean> {
  const { rowCount } = await db.query(`SELECT 1 FROM runs WHERE id = $1 AND fence = $2 AND state = $3`, [
    held.runId,
    held.fence,
    state,
  ]);
  return rowCount === 1;
}

/** Ends a run that no worker holds: a queued one, or one whose last worker is gone. False: it has moved on. */
export async function settleUnheld(
  db: Queryable,
  run: { runId: string; threadId: string; fence: number; state: 'queued' | 'working' },
  outcome: Outcome,
): Promise<boolean> {
  const lastItems = outcome.state === 'cancelled' && run.threadId ? [stopMarker(run.threadId)] : [];
  return end(db, run, outcome, lastItems);
}

/** Tells the model, and nobody else, that the user stopped the answer (CX-3). */
export function stopMarker(threadId: string): ThreadItem {
  return {
    type: 'sdk_hidden_context',
    id: newId('stop_marker'),
    thread_id: threadId,
    created_at: new Date().toISOString(),
    content: 'The user stopped the previous response before it was finished. Do not go on with it unless asked to.',
  };
}

/** Postgres has no NUL in text, and what a provider wrote must not keep its run from ending. */
const storable = (text: string | undefined): string | null => text?.replaceAll('\0', '') ?? null;

async function end(
  db: Queryable,
  run: { runId: string; threadId: string; fence: number; state: 'queued' | 'working' },
  outcome: Outcome,
  lastItems: readonly ThreadItem[],
): Promise<boolean> {
  const values = [
    run.threadId || null,
    run.runId,
    run.fence,
    ...itemColumns(lastItems),
    outcome.state,
    outcome.errorCode ?? null,
    storable(outcome.errorDetail),
    storable(outcome.provider),
    storable(outcome.model),
    outcome.usage?.inputTokens ?? null,
    outcome.usage?.outputTokens ?? null,
    outcome.usage?.details ? JSON.stringify(outcome.usage.details) : null,
    outcome.firstTokenAt ?? null,
    run.state,
    outcome.userError ? JSON.stringify(outcome.userError) : null,
    outcome.costMicros ?? null,
    usageJson(outcome.modelUsage ?? []),
  ];
  const { rowCount } = await db.query({ ...SETTLE, values });
  return rowCount === 1;
}
