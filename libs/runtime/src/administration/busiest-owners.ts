import type { Queryable } from '../platform/database.js';
import { int, joined, query, type RowOf, text, unprepared } from '../platform/statement.js';
import { IS_ACTIVE } from '../runs/limits.js';

/** Users, and tenants, that are listed. */
export const MAX_OWNERS = 50;

const OWNERS = {
  tenant: text(),
  /** Null: the whole tenant. */
  user: joined(text()),
  /** Open runs that have a job or a worker. */
  active: int(),
  /** Open runs that no worker has taken. */
  queued: int(),
};
export type BusyOwner = RowOf<typeof OWNERS>;

/** Reads the open runs only, whose number is limited. `$1`: tenants are listed, too. */
const LIST = unprepared(
  'admin-owners',
  `SELECT tenant_id AS tenant, owner_id AS "user", count(*) FILTER (WHERE ${IS_ACTIVE})::int AS active,
          count(*) FILTER (WHERE state = 'queued')::int AS queued
   FROM runs WHERE settled_at IS NULL GROUP BY GROUPING SETS ((tenant_id, owner_id), (tenant_id))
   HAVING $1::boolean OR GROUPING(owner_id) = 0
   ORDER BY 3 DESC, 4 DESC, 1, 2 NULLS FIRST LIMIT ${MAX_OWNERS}`,
  OWNERS,
);

/** The users with the most open runs, and the tenants where `withTenants`. */
export async function listBusiestOwners(db: Queryable, withTenants: boolean): Promise<BusyOwner[]> {
  return (await query(db, LIST, [withTenants])).rows;
}
