import pg from 'pg';
import type { Queryable } from '../platform/database.js';
import type { Claim, RunContext, RunRequest } from './run.js';
import type { Trigger } from './turn-request.js';
import { LEASE_MS, MAX_ATTEMPTS } from './tunables.js';

interface ClaimedRow {
  id: string;
  fence: number;
  attempt: number;
  tenant_id: string;
  owner_id: string;
  thread_id: string | null;
  trigger: Trigger;
  trigger_item_id: string | null;
  trigger_position: string | null;
  takes_turn: boolean;
  assistant_id: string;
  request: RunRequest;
  context: RunContext | null;
  stop_requested_at: Date | null;
  tool_began: boolean;
}

const CLAIM = {
  name: 'run-claim',
  text: `
    UPDATE runs SET state = 'working', fence = fence + 1, attempt = attempt + 1, worker_id = $3,
                    lease_expires_at = now() + $4 * interval '1 ms', started_at = coalesce(started_at, now())
    WHERE id = $1 AND fence = $2 AND attempt < $5
      AND (state = 'queued' OR (state = 'working' AND lease_expires_at < now()))
    RETURNING *`,
};

/**
 * A statement of its own, after the claim's commit: an item that the former holder was just storing when the claim
 * began is not in the claim's snapshot, and under the new fence no more of them can follow.
 */
const WITHDRAW = {
  name: 'run-withdraw',
  text: `DELETE FROM items WHERE run_id = $1 AND fence < $2 RETURNING id`,
};

const THREAD_IS_TAKEN = 'runs_one_working_turn';

/**
 * Takes a queued run, or one whose worker let the lease go, under the next fence, and deletes what earlier attempts
 * stored. Undefined: the job is late, doubled, or the thread is taken; there is nothing to do for its holder.
 */
export async function claim(
  db: Queryable,
  job: { readonly runId: string; readonly fence: number },
  workerId: string,
): Promise<Claim | undefined> {
  try {
    const values = [job.runId, job.fence, workerId, LEASE_MS, MAX_ATTEMPTS];
    const { rows } = await db.query<ClaimedRow>({ ...CLAIM, values });
    return rows[0] && toClaim(rows[0], await withdraw(db, rows[0]));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.constraint !== THREAD_IS_TAKEN) throw error;
    // Two turns of one thread were dispatched: this one waits again, and is released when the other has settled.
    await db.query(`UPDATE runs SET dispatched_at = NULL WHERE id = $1 AND state = 'queued'`, [job.runId]);
    return undefined;
  }
}

async function withdraw(db: Queryable, { id, fence }: ClaimedRow): Promise<string[]> {
  if (fence === 1) return [];
  const { rows } = await db.query<{ id: string }>({ ...WITHDRAW, values: [id, fence] });
  return rows.map((row) => row.id);
}

function toClaim(row: ClaimedRow, withdrawnItemIds: readonly string[]): Claim {
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
    withdrawnItemIds,
  };
}

/** What a beat brings back about one run that is still ours. */
export interface Renewed {
  readonly runId: string;
  readonly stopRequested: boolean;
}

/** Renews the leases of all of a worker's runs in one statement; runs that are missing from the answer are lost. */
export async function renewLeases(db: Queryable, held: readonly Pick<Claim, 'runId' | 'fence'>[]): Promise<Renewed[]> {
  const { rows } = await db.query<{ id: string; stop: boolean }>({
    name: 'run-renew',
    text: `
      UPDATE runs SET lease_expires_at = now() + $3 * interval '1 ms'
      FROM unnest($1::text[], $2::int[]) AS held(id, fence)
      WHERE runs.id = held.id AND runs.fence = held.fence AND runs.state = 'working'
      RETURNING runs.id, runs.stop_requested_at IS NOT NULL AS stop`,
    values: [held.map((claimed) => claimed.runId), held.map((claimed) => claimed.fence), LEASE_MS],
  });
  return rows.map((row) => ({ runId: row.id, stopRequested: row.stop }));
}
