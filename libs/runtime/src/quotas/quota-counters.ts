import type { AuthContext } from '../auth/auth-context.js';
import type { Database, Queryable } from '../platform/database.js';
import { json, query, text, unprepared } from '../platform/statement.js';
import { QuotaUnknown } from './quota-refusal.js';
import { ownersOf, type QuotaState, readingSql, stateValues } from './quota-sql.js';
import type { Quotas } from './quotas.js';

const BEGIN = unprepared(
  'quota-begin',
  `INSERT INTO quota_counters (tenant_id, owner_id, day) VALUES ($1, $2, (clock_timestamp() AT TIME ZONE 'UTC')::date)
   ON CONFLICT DO NOTHING`,
);

/** A statement of its own, after the row is there: nothing is admitted meanwhile, and it sees all that was admitted before. */
const COUNT = unprepared(
  'quota-count',
  `
    WITH used AS (
      SELECT coalesce(sum(input_tokens + output_tokens) FILTER (WHERE created_at >= began.day), 0) AS day_tokens,
             coalesce(sum(cost_micros) FILTER (WHERE created_at >= began.day), 0) AS day_micros,
             coalesce(sum(input_tokens + output_tokens), 0) AS month_tokens, coalesce(sum(cost_micros), 0) AS month_micros
      FROM (SELECT date_trunc('day', at) AT TIME ZONE 'UTC' AS day, date_trunc('month', at) AT TIME ZONE 'UTC' AS month
            FROM (SELECT day::timestamp AS at FROM quota_counters WHERE tenant_id = $1 AND owner_id = $2) AS counter) AS began
      LEFT JOIN model_usage ON tenant_id = $1 AND ($2 = '' OR owner_id = $2) AND created_at >= began.month
    ), open AS (
      SELECT runs.tokens + calls.tokens AS tokens, runs.micros + calls.micros AS micros
      FROM (SELECT coalesce(sum(reserved_tokens), 0) AS tokens, coalesce(sum(reserved_micros), 0) AS micros
            FROM runs WHERE tenant_id = $1 AND ($2 = '' OR owner_id = $2) AND settled_at IS NULL AND $2 = ANY(reserved_by)) AS runs
      CROSS JOIN reserved_by_calls($1, $2) AS calls
    ), included AS (
      DELETE FROM quota_entries WHERE tenant_id = $1 AND owner_id = $2
    )
    UPDATE quota_counters
    SET day_tokens = used.day_tokens, day_micros = used.day_micros, month_tokens = used.month_tokens,
        month_micros = used.month_micros, reserved_tokens = open.tokens, reserved_micros = open.micros
    FROM used, open WHERE tenant_id = $1 AND owner_id = $2`,
);

/**
 * Makes the counters of a caller that there are not yet, from what is booked in this month, and from the open runs and calls. Exact at
 * any time: what ends meanwhile is either in both of what is counted and the entries that are deleted with it, or in neither.
 */
async function openCounters(db: Database, quotas: Quotas, auth: AuthContext): Promise<void> {
  for (const owner of ownersOf(quotas, auth.userId)) {
    const counter = [auth.tenantId, owner];
    await db.of(auth).transaction(async (tx) => {
      const { rowCount } = await query(tx, BEGIN, counter);
      if (rowCount === 1) await query(tx, COUNT, counter);
    });
  }
}

/** Does what needs the counters of a caller, again once they are made, where it throws {@link QuotaUnknown}. */
export async function withCounters<T>(
  db: Database,
  quotas: Quotas | undefined,
  auth: AuthContext,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof QuotaUnknown) || !quotas) throw error;
      await openCounters(db, quotas, auth);
    }
  }
}

const FORGET = unprepared(
  'quota-forget',
  `
    WITH counters AS (DELETE FROM quota_counters WHERE NOT (CASE owner_id WHEN '' THEN 'tenant' ELSE 'user' END = ANY($1::text[])))
    DELETE FROM quota_entries WHERE NOT (CASE owner_id WHEN '' THEN 'tenant' ELSE 'user' END = ANY($1::text[]))`,
);

/** Deletes counters that nobody keeps up to date any more: where the quotas are configured again, they are counted anew. */
export async function forgetUnusedCounters(db: Queryable, quotas: Quotas | undefined): Promise<void> {
  await query(db, FORGET, [quotas?.scopes ?? []]);
}

/** Joined to one row, so that it also says when a counter is missing. */
const READ = unprepared(
  'quota-read',
  `
    WITH ${readingSql({ first: 2, tenant: '$1' })}
    SELECT CASE WHEN found < cardinality($2::text[]) THEN 'incomplete' ELSE 'complete' END AS counters,
           (SELECT coalesce(json_agg(quota_state), '[]') FROM quota_state) AS states
    FROM quota_moment`,
  { counters: text<'complete' | 'incomplete'>(), states: json<QuotaState[]>() },
);

/** How much of its quotas a caller, and its tenant, have used. */
export async function readQuotas(db: Database, quotas: Quotas, auth: AuthContext): Promise<readonly QuotaState[]> {
  for (;;) {
    const { rows } = await query(db.of(auth), READ, [auth.tenantId, ...stateValues(quotas, auth)]);
    const [row] = rows;
    if (row?.counters === 'complete') return row.states;
    await openCounters(db, quotas, auth);
  }
}
