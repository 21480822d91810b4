import { type BatchWork, unnested } from '../platform/batcher.js';
import type { Queryable } from '../platform/database.js';
import { bool, int, joined, prepared, query, text, unprepared } from '../platform/statement.js';
import { IS_ACTIVE, type RunLimits } from './limits.js';
import type { Dispatch } from '../jobs/run-queue.js';

/** The owner of a run that has ended: runs of the same owner, and of the same tenant, may be waiting for that. */
export interface Owner {
  readonly tenantId: string;
  readonly ownerId: string;
}

/**
 * A waiting run is next when no turn of its thread is working, dispatched, or before it: in the order of
 * the thread, since a run's `created_at` is from before it got the thread's lock.
 */
const IS_NEXT = `
  run.state = 'queued' AND run.dispatched_at IS NULL AND (NOT run.takes_turn OR NOT EXISTS (
    SELECT 1 FROM runs AS other
    WHERE other.thread_id = run.thread_id AND other.takes_turn AND other.id <> run.id AND other.state IN ('queued', 'working')
      AND (other.state = 'working' OR other.dispatched_at IS NOT NULL
           OR (other.trigger_position, other.created_at, other.id) < (run.trigger_position, run.created_at, run.id))))`;

/** Whether one more run of an owner may start; limits that are not set are not counted. */
const hasRoom = (tenant: string, owner: string, perTenant: string, perUser: string): string => `
  (${perUser}::int IS NULL OR (SELECT count(*) FROM runs WHERE tenant_id = ${tenant} AND owner_id = ${owner}
                               AND settled_at IS NULL AND ${IS_ACTIVE}) < ${perUser})
  AND (${perTenant}::int IS NULL OR (SELECT count(*) FROM runs WHERE tenant_id = ${tenant}
                                     AND settled_at IS NULL AND ${IS_ACTIVE}) < ${perTenant})`;

/** The first of an owner's runs that may start. Its parameters: tenant, owner, limit per tenant, limit per user. */
const OF_OWNER = {
  name: 'run-release-owner',
  candidate: `
    SELECT run.id FROM runs AS run
    WHERE run.tenant_id = $1 AND run.owner_id = $2 AND ${IS_NEXT} AND ${hasRoom('$1', '$2', '$3', '$4')}
    ORDER BY run.created_at, run.id LIMIT 1`,
};

/** The same in a tenant whose owners share a limit: they take turns, by their names, beginning after the given one. */
const OF_TENANT = {
  name: 'run-release-tenant',
  candidate: `
    SELECT first.id
    FROM (SELECT DISTINCT owner_id FROM runs
          WHERE tenant_id = $1 AND state = 'queued' AND dispatched_at IS NULL) AS owner
    CROSS JOIN LATERAL (
      SELECT run.id FROM runs AS run WHERE run.tenant_id = $1 AND run.owner_id = owner.owner_id AND ${IS_NEXT}
      ORDER BY run.created_at, run.id LIMIT 1) AS first
    WHERE ${hasRoom('$1', 'owner.owner_id', '$3', '$4')}
    ORDER BY owner.owner_id <= $2, owner.owner_id LIMIT 1`,
};

/** Checked again on the row itself: it may have been released, claimed or cancelled since it was chosen. */
const STILL_WAITS = `runs.state = 'queued' AND runs.dispatched_at IS NULL`;

const releasing = ({ name, candidate }: typeof OF_OWNER) =>
  prepared(
    name,
    `
    WITH candidate AS MATERIALIZED (${candidate}), released AS (
      UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now() FROM candidate
      WHERE runs.id = candidate.id AND ${STILL_WAITS}
      RETURNING runs.id, runs.fence, runs.dispatch
    )
    SELECT candidate.id AS "runId", released.fence, released.dispatch FROM candidate LEFT JOIN released USING (id)`,
    { runId: text(), fence: joined(int()), dispatch: joined(int()) },
  );

const RELEASE_OWNER = releasing(OF_OWNER);
const RELEASE_TENANT = releasing(OF_TENANT);

/**
 * Starts the next waiting run for which there is room. A concurrent release chooses the same run and waits for its row;
 * the later one chooses again, so no place stays empty.
 */
export async function releaseNext(
  db: Queryable,
  { tenantId, ownerId }: Owner,
  { activeRuns }: RunLimits,
): Promise<Dispatch | undefined> {
  const values = [tenantId, ownerId, activeRuns.perTenant, activeRuns.perUser];
  const release = activeRuns.perTenant === null ? RELEASE_OWNER : RELEASE_TENANT;
  for (;;) {
    const { rows } = await query(db, release, values);
    const [candidate] = rows;
    if (!candidate) return undefined;
    if (isReleased(candidate)) return candidate;
  }
}

type Candidate = Pick<Dispatch, 'runId'> & { readonly fence: number | null; readonly dispatch: number | null };

const isReleased = (candidate: Candidate): candidate is Dispatch => candidate.dispatch !== null;

/**
 * Whether an owner, or a tenant whose owners share a limit, has a waiting run: one query for all whose runs have ended
 * at the same time, most of which have none.
 */
export const lookingForWaiting = (db: Queryable, { activeRuns }: RunLimits): BatchWork<Owner, boolean> => ({
  async together(owners) {
    const values = [owners.map(({ tenantId }) => tenantId), owners.map(({ ownerId }) => ownerId)];
    const looking = activeRuns.perTenant === null ? OWNER_WAITS : TENANT_WAITS;
    const { rows } = await query(db, looking, values);
    return new Map(owners.map((owner, index) => [owner, rows[index]?.waits ?? true]));
  },
  alone: async () => true,
});

const waitsSql = (whose: string): string => `
  SELECT EXISTS (SELECT 1 FROM runs WHERE ${whose} AND state = 'queued' AND dispatched_at IS NULL) AS waits
  FROM ${unnested(['text', 'text'])} WITH ORDINALITY AS owner(tenant_id, owner_id, n) ORDER BY n`;

const TENANT_WAITS = prepared('runs-tenant-waits', waitsSql('tenant_id = owner.tenant_id'), { waits: bool() });
const OWNER_WAITS = prepared(
  'runs-owner-waits',
  waitsSql('tenant_id = owner.tenant_id AND owner_id = owner.owner_id'),
  {
    waits: bool(),
  },
);

/**
 * The first of every owner, or of every tenant where its owners share a limit. Materialized: otherwise the planner, without
 * statistics, evaluates it again for every run that waits.
 */
const forgottenSql = (alone: string): string => `
  WITH candidate AS MATERIALIZED (
    SELECT DISTINCT ON (${alone}) first.id
    FROM (SELECT DISTINCT tenant_id, owner_id FROM runs WHERE state = 'queued' AND dispatched_at IS NULL) AS owner
    CROSS JOIN LATERAL (
      SELECT run.id, run.created_at FROM runs AS run
      WHERE run.tenant_id = owner.tenant_id AND run.owner_id = owner.owner_id AND ${IS_NEXT}
      ORDER BY run.created_at, run.id LIMIT 1) AS first
    WHERE ${hasRoom('owner.tenant_id', 'owner.owner_id', '$1', '$2')}
    ORDER BY ${alone}, first.created_at
  )
  UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now() FROM candidate
  WHERE runs.id = candidate.id AND ${STILL_WAITS}
  RETURNING runs.id AS "runId", runs.fence, runs.dispatch`;

const DISPATCH = { runId: text(), fence: int(), dispatch: int() };
const FORGOTTEN_OF_OWNERS = unprepared(
  'runs-forgotten-owner',
  forgottenSql('owner.tenant_id, owner.owner_id'),
  DISPATCH,
);
const FORGOTTEN_OF_TENANTS = unprepared('runs-forgotten-tenant', forgottenSql('owner.tenant_id'), DISPATCH);

/** Maximum number of rounds in a sweep: what is left then is released by the next sweep. */
const ROUNDS = 50;

/** Releases runs that may start but were not released, because a process died between two statements. */
export async function releaseForgotten(db: Queryable, { activeRuns }: RunLimits): Promise<Dispatch[]> {
  const forgotten = activeRuns.perTenant === null ? FORGOTTEN_OF_OWNERS : FORGOTTEN_OF_TENANTS;
  const released: Dispatch[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { rows } = await query(db, forgotten, [activeRuns.perTenant, activeRuns.perUser]);
    if (rows.length === 0) break;
    released.push(...rows);
  }
  return released;
}
