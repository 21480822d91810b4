import type { AuthContext } from '../auth/auth-context.js';
import { json, nullable } from '../platform/statement.js';
import { type Quotas, reservationFor, type RunSize, type Scope } from './quotas.js';

/** The tenant's counter has the name of no user. */
const WHOLE_TENANT = '';

const ownerOf = (scope: Scope, userId: string): string => (scope === 'tenant' ? WHOLE_TENANT : userId);

/** The counters of a user, in the order of their locks. */
export const ownersOf = ({ scopes }: Quotas, userId: string): string[] => scopes.map((scope) => ownerOf(scope, userId));

/** How much of one quota is used. Tokens, or millionths of the prices' currency. */
export interface QuotaState {
  readonly owner: string;
  readonly unit: 'tokens' | 'cost';
  readonly period: 'day' | 'month';
  readonly limit: number;
  readonly used: number;
  /** By runs that have not ended yet. */
  readonly reserved: number;
  /** ISO 8601. */
  readonly resetsAt: string;
  readonly secondsLeft: number;
}

/** The quota that a run would have passed. */
export interface QuotaShortage extends QuotaState {
  /** What the run would have reserved. */
  readonly wanted: number;
}

export const QUOTA = nullable(json<QuotaShortage>());

/** How many parameters {@link stateSql} has. */
const STATE_PARAMETERS = 5;

/** The values of {@link stateSql}'s parameters, in their order: the counters' owners, and of each its four limits. */
export function stateValues(quotas: Quotas, auth: AuthContext): unknown[] {
  const limits = quotas.of(auth.tenantId);
  const each = quotas.scopes.map((scope) => limits[scope]);
  return [
    ownersOf(quotas, auth.userId),
    each.map(({ tokensPerDay }) => tokensPerDay),
    each.map(({ tokensPerMonth }) => tokensPerMonth),
    each.map(({ microsPerDay }) => microsPerDay),
    each.map(({ microsPerMonth }) => microsPerMonth),
  ];
}

/** The values of {@link takingSql}'s parameters, in their order. */
export function takingValues(quotas: Quotas, auth: AuthContext, size: RunSize): unknown[] {
  const { tokens, micros } = reservationFor(quotas, size);
  return [...stateValues(quotas, auth), tokens, micros];
}

/** Where its parameters begin, and the parameter with the tenant. */
export interface QuotaPlace {
  readonly first: number;
  readonly tenant: string;
}

const SUMS = ['day_tokens', 'day_micros', 'month_tokens', 'month_micros'] as const;

/** The counts of an earlier day, or month, are none of this one. */
const isCurrent = (sum: (typeof SUMS)[number]): string =>
  sum.startsWith('day')
    ? 'quota.day = at::date'
    : `date_trunc('month', quota.day::timestamp) = date_trunc('month', at)`;

/** The quotas of a counter: unit, period, limit, what was used, what is reserved, when it begins anew. */
export const QUOTA_ROWS = `
      ('tokens', 'month', tokens_month, month_tokens, reserved_tokens, date_trunc('month', at) + interval '1 month'),
      ('cost', 'month', micros_month, month_micros, reserved_micros, date_trunc('month', at) + interval '1 month'),
      ('tokens', 'day', tokens_day, day_tokens, reserved_tokens, date_trunc('day', at) + interval '1 day'),
      ('cost', 'day', micros_day, day_micros, reserved_micros, date_trunc('day', at) + interval '1 day')`;

/** Sums of the entries, at the time `at`, that belong to its day and month. */
export const ENTRY_SUMS = `
           sum(tokens) FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date = at::date) AS day_tokens,
           sum(micros) FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date = at::date) AS day_micros,
           sum(tokens) FILTER (WHERE date_trunc('month', created_at AT TIME ZONE 'UTC') = date_trunc('month', at)) AS month_tokens,
           sum(micros) FILTER (WHERE date_trunc('month', created_at AT TIME ZONE 'UTC') = date_trunc('month', at)) AS month_micros,
           sum(released_tokens) AS released_tokens, sum(released_micros) AS released_micros`;

/** What the counter `quota` has come to at the time `at`, with the sums `added` of its entries. */
export const NOW_SUMS = `
           ${SUMS.map((sum) => `(CASE WHEN ${isCurrent(sum)} THEN quota.${sum} ELSE 0 END + coalesce(added.${sum}, 0))::bigint AS ${sum}`).join(', ')},
           greatest(0, quota.reserved_tokens - coalesce(added.released_tokens, 0))::bigint AS reserved_tokens,
           greatest(0, quota.reserved_micros - coalesce(added.released_micros, 0))::bigint AS reserved_micros`;

/**
 * The common table expressions `quota_now` (the counters, with all entries) and `quota_state` (a row for each quota). The
 * rows are those that this statement finds: `entries` has what is not in the counters yet.
 */
const stateSql = ({ first }: QuotaPlace, entries: string): string => `
  quota_moment AS MATERIALIZED (
    SELECT count(*)::int AS found, clock_timestamp() AT TIME ZONE 'UTC' AS at FROM quota
  ), quota_entry AS (${entries}
  ), quota_added AS (
    SELECT owner_id, ${ENTRY_SUMS}
    FROM quota_entry, quota_moment GROUP BY owner_id
  ), quota_now AS MATERIALIZED (
    SELECT quota.owner_id, at, at::date AS day, ${NOW_SUMS}
    FROM quota CROSS JOIN quota_moment LEFT JOIN quota_added AS added ON added.owner_id = quota.owner_id
  ), quota_state AS (
    SELECT owner_id AS owner, unit, period, "limit", used, reserved, to_char(resets, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "resetsAt",
           ceil(extract(epoch FROM resets - at))::int AS "secondsLeft"
    FROM quota_now
    JOIN unnest(${[0, 1, 2, 3, 4].map((n) => `$${first + n}::${n === 0 ? 'text' : 'bigint'}[]`).join(', ')})
         AS most(owner_id, tokens_day, tokens_month, micros_day, micros_month) USING (owner_id)
    CROSS JOIN LATERAL (VALUES ${QUOTA_ROWS}
    ) AS quota(unit, period, "limit", used, reserved, resets)
    WHERE "limit" IS NOT NULL
  )`;

const COUNTERS = ({ first, tenant }: QuotaPlace): string =>
  `SELECT * FROM quota_counters WHERE tenant_id = ${tenant} AND owner_id = ANY($${first}::text[])`;

/** Reads {@link QuotaState}s, as `quota_state`; `found`: how many counters there are. */
export const readingSql = (place: QuotaPlace): string => `
  quota AS MATERIALIZED (${COUNTERS(place)}), ${stateSql(
    place,
    `
    SELECT entry.* FROM quota JOIN quota_entries AS entry
    ON entry.tenant_id = quota.tenant_id AND entry.owner_id = quota.owner_id`,
  )}`;

/**
 * Decides under the counters' locks, by Postgres' clock, whether one more run fits into all quotas, adds the entries to the
 * counters, and reserves. In READ COMMITTED a row that is locked has its newest version: admissions of one owner are decided one
 * after the other, and see each other. The counters are the last that is locked, the tenant's first; whoever has them waits for
 * nothing else. Expects `room (refused, has_room)`; makes `verdict (refused, has_room, quota)`. `refused`: `'quota'`, or
 * `'quota_unknown'` while a counter is missing. `takes` false: nothing is reserved.
 */
export function takingSql(place: QuotaPlace, takes: boolean): string {
  const { first, tenant } = place;
  const [tokens, micros] = [`$${first + STATE_PARAMETERS}::bigint`, `$${first + STATE_PARAMETERS + 1}::bigint`];
  const more = (amount: string): string =>
    takes ? ` + CASE WHEN verdict.refused IS NULL THEN ${amount} ELSE 0 END` : '';
  return `
  quota AS MATERIALIZED (${COUNTERS(place)} ORDER BY owner_id FOR UPDATE), ${stateSql(
    place,
    `
    DELETE FROM quota_entries AS entry USING quota
    WHERE entry.tenant_id = quota.tenant_id AND entry.owner_id = quota.owner_id RETURNING entry.*`,
  )}, quota_short AS MATERIALIZED (
    SELECT * FROM (SELECT *, CASE unit WHEN 'tokens' THEN ${tokens} ELSE ${micros} END AS wanted FROM quota_state) AS state
    WHERE used + reserved + wanted > "limit" ORDER BY period = 'month' DESC, used + wanted > "limit" DESC, owner LIMIT 1
  ), verdict AS MATERIALIZED (
    SELECT CASE WHEN quota_moment.found < cardinality($${first}::text[]) THEN 'quota_unknown'
                WHEN room.refused IS NULL AND EXISTS (SELECT FROM quota_short) THEN 'quota'
                ELSE room.refused END AS refused,
           room.has_room, (SELECT to_json(quota_short) FROM quota_short) AS quota
    FROM room, quota_moment
  ), quota_taken AS (
    UPDATE quota_counters AS counter
    SET day = quota_now.day, ${SUMS.map((sum) => `${sum} = quota_now.${sum}`).join(', ')},
        reserved_tokens = quota_now.reserved_tokens${more(tokens)},
        reserved_micros = quota_now.reserved_micros${more(micros)}
    FROM quota_now, verdict WHERE counter.tenant_id = ${tenant} AND counter.owner_id = quota_now.owner_id
  )`;
}

/** The columns of a run that hold its reservation, and their values. */
export const RESERVED_COLUMNS = ', reserved_by, reserved_tokens, reserved_micros';
export const reservedValues = ({ first }: QuotaPlace): string =>
  `, $${first}::text[], $${first + STATE_PARAMETERS}::bigint, $${first + STATE_PARAMETERS + 1}::bigint`;
