import type { ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { unnested } from '../platform/batcher.js';
import { json, prepared, query, text } from '../platform/statement.js';
import { toTimestamp } from '../platform/timestamp.js';
import { USAGE_COLUMNS, USED_COLUMNS, usageJson, usageRows } from '../usage/model-usage.js';
import type { Outcome } from './run.js';
import { itemColumns } from './item-columns.js';
import { stepsJson } from './run-steps.js';

/** A run before its end, and the outcome to store. */
export interface RunEnding {
  readonly run: {
    readonly runId: string;
    /** Empty for a run without a thread. */
    readonly threadId: string;
    readonly fence: number;
    readonly state: 'queued' | 'working';
  };
  readonly outcome: Outcome;
  readonly lastItems: readonly ThreadItem[];
  /** Ids of those whose time the assistant's code has chosen: it is stored as it is. */
  readonly chosenTimes?: ReadonlySet<string>;
}

/** The times with which a run's last items are stored, by their ids: they may be later than given. ISO 8601. */
export type StoredTimes = ReadonlyMap<string, string>;

const toStoredTimes = (times: Readonly<Record<string, string>>): StoredTimes =>
  new Map(Object.entries(times).map(([id, written]) => [id, toTimestamp(written)]));

/** The statement's parameters for each run: column, type, value. */
const COLUMNS: readonly (readonly [string, string, (ending: RunEnding) => unknown])[] = [
  ['run_id', 'text', ({ run }) => run.runId],
  ['thread_id', 'text', ({ run }) => run.threadId || null],
  ['fence', 'int', ({ run }) => run.fence],
  ['was', 'text', ({ run }) => run.state],
  ['items', 'int', ({ lastItems }) => lastItems.length],
  ['state', 'text', ({ outcome }) => outcome.state],
  ['error_code', 'text', ({ outcome }) => outcome.errorCode],
  ['error_detail', 'text', ({ outcome }) => storable(outcome.errorDetail)],
  ['user_error', 'text', ({ outcome }) => asJson(outcome.userError)],
  ['provider', 'text', ({ outcome }) => storable(outcome.provider)],
  ['model', 'text', ({ outcome }) => storable(outcome.model)],
  ['input_tokens', 'int', ({ outcome }) => outcome.usage?.inputTokens],
  ['output_tokens', 'int', ({ outcome }) => outcome.usage?.outputTokens],
  ['usage', 'text', ({ outcome }) => asJson(outcome.usage?.details)],
  ['cost_micros', 'bigint', ({ outcome }) => outcome.costMicros],
  ['first_token_at', 'timestamptz', ({ outcome }) => outcome.firstTokenAt],
  ['steps', 'text', ({ outcome }) => outcome.steps && stepsJson(outcome.steps)],
  ['used', 'text', ({ outcome }) => usageJson(outcome.modelUsage ?? [])],
];

/** Postgres text cannot hold NUL, and a provider's text must not prevent the end of its run. */
const storable = (said: string | undefined): string | undefined => said?.replaceAll('\0', '');
const asJson = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));

const ENDINGS = unnested(COLUMNS.map(([, type]) => type));
const names = COLUMNS.map(([name]) => name).join(', ');
const ITEMS = unnested(['int', 'int', 'boolean', 'text', 'text', 'text', 'timestamptz'], COLUMNS.length + 1);

/**
 * Stores the runs' last items, their outcomes and their usage at one commit. Locks the threads first, then the runs, like
 * every other statement. The request's context is erased: it is not needed any more. A run without a thread (the gateway's)
 * leaves no items, and its request is erased with its context: it holds the conversation. At most one run of a thread at a
 * time. An item that we have dated is stored with a time that is not before the thread's last one, see `raisedTo`.
 */
const settleSql = (locking: string): string => `
  WITH ending AS (
    SELECT * FROM ${ENDINGS} WITH ORDINALITY AS ending(${names}, n)
  ), thread AS MATERIALIZED (
    SELECT threads.id, threads.last_item_at FROM ending
    CROSS JOIN LATERAL (
      SELECT id, last_item_at FROM threads WHERE id = ending.thread_id ${locking}) AS threads
  ), run AS MATERIALIZED (
    SELECT runs.id, ending.n FROM ending LEFT JOIN thread ON thread.id = ending.thread_id
    CROSS JOIN LATERAL (
      SELECT id FROM runs WHERE id = ending.run_id AND fence = ending.fence AND state = ending.was
                            AND thread_id IS NOT DISTINCT FROM thread.id ${locking}) AS runs
  ), item AS MATERIALIZED (
    SELECT item.*, greatest(thread.last_item_at, max(least(item.created_at, clock_timestamp())) OVER (
             PARTITION BY item.ending ORDER BY item.place)) AS raised_to
    FROM ${ITEMS} AS item(ending, place, is_chosen, id, type, payload, created_at)
    JOIN ending ON ending.n = item.ending JOIN thread ON thread.id = ending.thread_id
  ), moved AS (
    UPDATE threads SET last_position = last_position + ending.items,
                       last_item_at = (SELECT max(raised_to) FROM item WHERE item.ending = ending.n)
    FROM run JOIN ending USING (n)
    WHERE threads.id = ending.thread_id AND ending.items > 0 RETURNING threads.id, threads.last_position
  ), settled AS (
    UPDATE runs SET state = ending.state, context = NULL, lease_expires_at = NULL, settled_at = now(),
                    error_code = ending.error_code, error_detail = ending.error_detail,
                    user_error = ending.user_error::json, provider = ending.provider, model = ending.model,
                    input_tokens = ending.input_tokens, output_tokens = ending.output_tokens,
                    usage = ending.usage::jsonb, cost_micros = ending.cost_micros,
                    first_token_at = ending.first_token_at, steps = ending.steps::jsonb,
                    request = CASE WHEN runs.thread_id IS NULL THEN '{}' ELSE runs.request END
    FROM run JOIN ending USING (n) WHERE runs.id = run.id
    RETURNING runs.id, runs.fence, runs.tenant_id, runs.owner_id, runs.trigger_position, runs.thread_id, ending.n,
              ending.items, ending.used
  ), stored AS (
    INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, fence, type, payload, created_at)
    SELECT moved.id, item.id, settled.tenant_id, settled.owner_id, moved.last_position - settled.items + item.place,
           settled.trigger_position, settled.id, settled.fence, item.type, item.payload::json,
           CASE WHEN item.is_chosen THEN item.created_at ELSE item.raised_to END
    FROM settled JOIN moved ON moved.id = settled.thread_id JOIN item ON item.ending = settled.n
    ON CONFLICT (thread_id, id) DO UPDATE SET type = excluded.type, payload = excluded.payload
    RETURNING thread_id, id, created_at
  ), booked AS (
    INSERT INTO model_usage (${USAGE_COLUMNS})
    SELECT settled.id, settled.fence, settled.tenant_id, settled.owner_id, ${USED_COLUMNS}
    FROM settled, ${usageRows('settled.used')}
    ON CONFLICT DO NOTHING
  )
  SELECT settled.id, (SELECT coalesce(json_object_agg(stored.id, stored.created_at), '{}') FROM stored
                      WHERE stored.thread_id = settled.thread_id) AS times
  FROM settled`;

const SETTLED = { id: text(), times: json<Record<string, string>>() };

const SETTLE = prepared('run-settle', settleSql('FOR UPDATE'), SETTLED);
const SETTLE_SKIP_LOCKED = prepared('runs-settle', settleSql('FOR UPDATE SKIP LOCKED'), SETTLED);

/**
 * Settles runs of different threads. Returns those that still had the given fence and state, with the times of their items. `waits`: for rows
 * that another transaction has locked; otherwise they are skipped. The only other statement that ends runs is the
 * rollback in `admission/apply-double-texting.ts`.
 */
export async function settleRuns(
  db: Queryable,
  endings: readonly RunEnding[],
  { waits }: { readonly waits: boolean },
): Promise<Map<string, StoredTimes>> {
  const columns = COLUMNS.map(([, , valueOf]) => endings.map((ending) => valueOf(ending) ?? null));
  const items = endings.flatMap(({ lastItems }) => lastItems);
  const endingOfEach = endings.flatMap(({ lastItems }, index) => lastItems.map(() => index + 1));
  const placeOfEach = endings.flatMap(({ lastItems }) => lastItems.map((_, index) => index + 1));
  const chosen = endings.flatMap(({ lastItems, chosenTimes }) =>
    lastItems.map(({ id }) => chosenTimes?.has(id) ?? false),
  );
  const values = [...columns, endingOfEach, placeOfEach, chosen, ...itemColumns(items)];
  const { rows } = await query(db, waits ? SETTLE : SETTLE_SKIP_LOCKED, values);
  return new Map(rows.map(({ id, times }) => [id, toStoredTimes(times)]));
}
