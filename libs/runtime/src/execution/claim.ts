import pg from 'pg';
import { type BatchWork, unnested } from '../platform/batcher.js';
import type { Database, Queryable } from '../platform/database.js';
import {
  bigint,
  bool,
  int,
  json,
  jsonb,
  nullable,
  prepared,
  query,
  type RowOf,
  text,
  timestamp,
  unprepared,
} from '../platform/statement.js';
import { historySql } from './history.js';
import { fromJson, type HistoryRow } from '../threads/rows.js';
import { attemptEnded, HANDED_OVER } from '../runs/claim-notes.js';
import type { Claim, RunContext, RunRequest } from '../runs/run.js';
import type { Trigger } from '../runs/run.js';
import { LEASE_MS, MAX_ATTEMPTS } from '../platform/tunables.js';

/** The columns of a run that a claim returns. */
const CLAIMED = {
  id: text(),
  fence: int(),
  attempt: int(),
  tenant_id: text(),
  owner_id: text(),
  thread_id: nullable(text()),
  trigger: text<Trigger>(),
  trigger_item_id: nullable(text()),
  trigger_position: nullable(bigint()),
  takes_turn: bool(),
  assistant_id: text(),
  request: json<RunRequest>(),
  context: nullable(jsonb<RunContext>()),
  stop_requested_at: nullable(timestamp()),
  tool_began: bool(),
  /** When the newest job was added. */
  dispatched_at: nullable(timestamp()),
  /** At the first claim of all. */
  started_at: nullable(timestamp()),
};
/** Why the attempt before this claim ended, if it did not end the run; and Postgres' time at the claim. */
const BESIDE = { previous_end: nullable(text()), now: timestamp() };
const PREVIOUS_END = `runs.claims -> -2 ->> 'ended' AS previous_end`;
const columnsOf = (row: string): string =>
  Object.keys(CLAIMED)
    .map((name) => `${row}.${name}`)
    .join(', ');

type ClaimedRow = RowOf<typeof CLAIMED & typeof BESIDE> & { readonly history?: HistoryRow[] | null };

/** A job as a worker receives it. */
export interface ClaimJob {
  readonly runId: string;
  readonly fence: number;
  readonly workerId: string;
  /** How many of the thread's newest items the history may hold; the claim returns one more, if there is one. */
  readonly historyItems: number;
}

/** `claims` is for administrators: who had the run, how long its job had waited, and why the attempt before is over. */
const takenBy = (worker: string): string => `
  state = 'working', fence = runs.fence + 1, attempt = runs.attempt + 1, started_at = coalesce(runs.started_at, now()),
  worker_id = ${worker}, lease_expires_at = now() + $1 * interval '1 ms', first_token_at = NULL,
  claims = coalesce(CASE WHEN runs.state = 'working' THEN ${attemptEnded(`'lease_over'`)} ELSE runs.claims END, '[]') || jsonb_build_object(
    'fence', runs.fence + 1, 'worker', ${worker}, 'queued_at', runs.dispatched_at, 'at', now())`;

const CLAIM = prepared(
  'run-claim',
  `
    UPDATE runs SET ${takenBy('$5::text')}
    WHERE id = $3 AND fence = $4 AND attempt < $2
      AND (state = 'queued' OR (state = 'working' AND lease_expires_at < now()))
    RETURNING ${columnsOf('runs')}, ${PREVIOUS_END}, clock_timestamp() AS now`,
  { ...CLAIMED, ...BESIDE },
);

/**
 * Claims the queued runs whose thread is free, and returns the history of first attempts: no other process writes to
 * it, and no output of an earlier attempt has to be withdrawn first. LATERAL and the state as a parameter are for the planner:
 * the plan is cached, and must not scan a queue that was short when the plan was made.
 */
const CLAIM_TOGETHER = prepared(
  'runs-claim',
  `
    WITH run AS MATERIALIZED (
      SELECT runs.id, job.worker_id, job.history_items
      FROM ${unnested(['text', 'int', 'text', 'int'], 3)} AS job(id, fence, worker_id, history_items)
      CROSS JOIN LATERAL (
        SELECT id FROM runs
        WHERE id = job.id AND fence = job.fence AND state = $7 AND attempt < $2 AND (
          SELECT id FROM runs AS other
          WHERE other.thread_id = runs.thread_id AND other.takes_turn AND other.state = 'working' LIMIT 1) IS NULL
        FOR UPDATE SKIP LOCKED) AS runs
    ), claimed AS (
      UPDATE runs SET ${takenBy('run.worker_id')}
      FROM run WHERE runs.id = run.id RETURNING ${columnsOf('runs')}, ${PREVIOUS_END}, run.history_items
    )
    SELECT ${columnsOf('claimed')}, claimed.previous_end, clock_timestamp() AS now, history.items AS history FROM claimed LEFT JOIN LATERAL (
      SELECT coalesce(json_agg(item), '[]') AS items FROM (${historySql({
        thread: 'claimed.thread_id',
        tenant: 'claimed.tenant_id',
        owner: 'claimed.owner_id',
        turn: 'claimed.trigger_position',
        limit: 'claimed.history_items',
      })}) AS item
    ) AS history ON claimed.fence = 1 AND claimed.history_items > 0`,
  { ...CLAIMED, ...BESIDE, history: nullable(json<HistoryRow[]>()) },
);

/**
 * A separate statement, after the claim's commit: an item that the former holder was storing when the claim
 * began is not in the claim's snapshot, and under the new fence the former holder can store no more.
 */
const WITHDRAW = prepared('run-withdraw', 'DELETE FROM items WHERE run_id = $1 AND fence < $2 RETURNING id', {
  id: text(),
});

const WAIT_AGAIN = unprepared(
  'run-wait-again',
  `UPDATE runs SET dispatched_at = NULL WHERE id = $1 AND state = 'queued'`,
);

const THREAD_IS_TAKEN = 'runs_one_working_turn';

/**
 * Claims a queued run, or one whose lease has expired, under the next fence, and deletes what earlier attempts stored.
 * Returns undefined when the job is late or duplicated, or the thread is taken: its holder has nothing to do.
 */
export const claiming = (db: Pick<Database, 'system' | 'clock'>): BatchWork<ClaimJob, Claim | undefined> => ({
  async together(jobs) {
    const byRun = new Map(jobs.map((job) => [job.runId, job]));
    const chosen = [...byRun.values()];
    const values = [
      LEASE_MS,
      MAX_ATTEMPTS,
      chosen.map((job) => job.runId),
      chosen.map((job) => job.fence),
      chosen.map((job) => job.workerId),
      chosen.map((job) => job.historyItems),
      'queued',
    ];
    const { rows } = await query(db.system, CLAIM_TOGETHER, values);
    if (rows[0]) db.clock.observe(rows[0].now);
    const taken = new Map(rows.map((row) => [row.id, row]));
    return new Map(
      chosen.flatMap((job) => {
        const row = taken.get(job.runId);
        return row ? [[job, toClaim(db.system, row, job.historyItems)]] : [];
      }),
    );
  },
  alone: (job) => claimAlone(db, job),
});

async function claimAlone(
  { system: db, clock }: Pick<Database, 'system' | 'clock'>,
  { runId, fence, workerId }: ClaimJob,
): Promise<Claim | undefined> {
  try {
    const { rows } = await query(db, CLAIM, [LEASE_MS, MAX_ATTEMPTS, runId, fence, workerId]);
    const [row] = rows;
    if (!row) return undefined;
    clock.observe(row.now);
    return await toClaim(db, row, 0);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.constraint !== THREAD_IS_TAKEN) throw error;
    // Two turns of one thread were dispatched: this one waits again, and is released when the other has settled.
    await query(db, WAIT_AGAIN, [runId]);
    return undefined;
  }
}

async function withdraw(db: Queryable, { id, fence }: ClaimedRow): Promise<string[]> {
  if (fence === 1) return [];
  const { rows } = await query(db, WITHDRAW, [id, fence]);
  return rows.map((row) => row.id);
}

async function toClaim(db: Queryable, row: ClaimedRow, historyItems: number): Promise<Claim> {
  return {
    runId: row.id,
    fence: row.fence,
    attempt: row.attempt,
    tenantId: row.tenant_id,
    ownerId: row.owner_id,
    threadId: row.thread_id ?? '',
    trigger: row.trigger,
    triggerItemId: row.trigger_item_id ?? undefined,
    triggerPosition: Number(row.trigger_position),
    takesTurn: row.takes_turn,
    assistantId: row.assistant_id,
    request: row.request,
    context: row.context ?? {},
    stopRequested: row.stop_requested_at !== null,
    toolBegan: row.tool_began,
    isHandedOver: row.previous_end === HANDED_OVER,
    claimedAt: row.now,
    waitedMs: msBetween(row.dispatched_at ?? row.now, row.now),
    ranMs: msBetween(row.started_at ?? row.now, row.now),
    withdrawnItemIds: await withdraw(db, row),
    history: row.history ? { limit: historyItems, rows: row.history.map(fromJson) } : undefined,
  };
}

const msBetween = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime());

/** What a beat returns about a run that this worker still holds. */
export interface Renewed {
  readonly runId: string;
  readonly stopRequested: boolean;
}

const RENEW = prepared(
  'run-renew',
  `
    UPDATE runs SET lease_expires_at = now() + $4 * interval '1 ms', first_token_at = held.first_token_at
    FROM unnest($1::text[], $2::int[], $3::timestamptz[]) AS held(id, fence, first_token_at)
    WHERE runs.id = held.id AND runs.fence = held.fence AND runs.state = 'working'
    RETURNING runs.id, runs.stop_requested_at IS NOT NULL AS stop`,
  { id: text(), stop: bool() },
);

/** A run whose lease is to be renewed; the time of its first token is for those who watch it. */
export interface HeldLease extends Pick<Claim, 'runId' | 'fence'> {
  readonly firstTokenAt?: Date | undefined;
}

/** Renews the leases of all runs of a worker in one statement; runs that are missing from the result are lost. */
export async function renewLeases(db: Queryable, held: readonly HeldLease[]): Promise<Renewed[]> {
  const values = [
    held.map(({ runId }) => runId),
    held.map(({ fence }) => fence),
    held.map(({ firstTokenAt }) => firstTokenAt ?? null),
    LEASE_MS,
  ];
  const { rows } = await query(db, RENEW, values);
  return rows.map((row) => ({ runId: row.id, stopRequested: row.stop }));
}
