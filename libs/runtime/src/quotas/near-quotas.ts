import type { Queryable } from '../platform/database.js';
import { bool, float, query, type RowOf, text, unprepared } from '../platform/statement.js';
import { ENTRY_SUMS, NOW_SUMS, QUOTA_ROWS } from './quota-sql.js';
import type { Quotas, Scope } from './quotas.js';

/** Counters that are looked at: those that were used last. */
export const MAX_COUNTERS = 20_000;
/** Quotas that are listed. */
export const MAX_NEAR_QUOTAS = 50;

/** In the parameters: the limits of all tenants that have none of their own. */
const OTHERS = '';

const NEAR = {
  tenant: text(),
  /** Empty: the whole tenant. */
  user: text(),
  unit: text<'tokens' | 'cost'>(),
  period: text<'day' | 'month'>(),
  limit: float(),
  used: float(),
  /** By runs that have not ended yet. */
  reserved: float(),
  resetsAt: text(),
  /** There are more counters than are looked at. */
  isCut: bool(),
};
export type NearQuota = RowOf<typeof NEAR>;

/** $1 tenants, $2 scopes, $3 to $6 their limits, $7 the tenants that have limits of their own. */
const LIST = unprepared(
  'quotas-near',
  `WITH moment AS MATERIALIZED (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS at
   ), quota AS MATERIALIZED (
     SELECT counter.*, at FROM moment, LATERAL (
       SELECT * FROM quota_counters WHERE day >= date_trunc('month', at)::date ORDER BY day DESC LIMIT ${MAX_COUNTERS}
     ) AS counter
   ), quota_now AS (
     SELECT quota.tenant_id, quota.owner_id, at, ${NOW_SUMS}
     FROM quota CROSS JOIN LATERAL (
       SELECT ${ENTRY_SUMS} FROM quota_entries AS entry
       WHERE entry.tenant_id = quota.tenant_id AND entry.owner_id = quota.owner_id
     ) AS added
   )
   SELECT tenant_id AS tenant, owner_id AS "user", unit, period, "limit"::float8 AS "limit", used::float8 AS used,
          reserved::float8 AS reserved, to_char(resets, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "resetsAt",
          (SELECT count(*) FROM quota) >= ${MAX_COUNTERS} AS "isCut"
   FROM quota_now
   JOIN unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
        AS most(tenant, scope, tokens_day, tokens_month, micros_day, micros_month)
     ON scope = CASE owner_id WHEN '' THEN 'tenant' ELSE 'user' END
        AND tenant = CASE WHEN tenant_id = ANY($7::text[]) THEN tenant_id ELSE '${OTHERS}' END
   CROSS JOIN LATERAL (VALUES ${QUOTA_ROWS}) AS quota(unit, period, "limit", used, reserved, resets)
   WHERE "limit" IS NOT NULL AND used + reserved > 0
   ORDER BY (used + reserved)::float8 / "limit" DESC, tenant_id, owner_id, unit, period LIMIT ${MAX_NEAR_QUOTAS}`,
  NEAR,
);

/** The quotas of which the largest share is used or reserved, whosever they are. */
export async function listNearQuotas(db: Queryable, quotas: Quotas): Promise<NearQuota[]> {
  const each = [OTHERS, ...quotas.named].flatMap((tenant) =>
    quotas.scopes.map((scope: Scope) => ({ tenant, scope, ...quotas.of(tenant)[scope] })),
  );
  const values = [
    each.map(({ tenant }) => tenant),
    each.map(({ scope }) => scope),
    each.map(({ tokensPerDay }) => tokensPerDay),
    each.map(({ tokensPerMonth }) => tokensPerMonth),
    each.map(({ microsPerDay }) => microsPerDay),
    each.map(({ microsPerMonth }) => microsPerMonth),
    quotas.named,
  ];
  return (await query(db, LIST, values)).rows;
}
