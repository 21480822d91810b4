import type { AuthContext } from '../auth/auth-context.js';
import { AppError, type AppErrorCode } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import {
  bool,
  type Columns,
  nullable,
  prepared,
  query,
  type RowOf,
  type Statement,
  text,
} from '../platform/statement.js';
import {
  QUOTA,
  type QuotaPlace,
  type QuotaShortage,
  RESERVED_COLUMNS,
  reservedValues,
  takingSql,
  takingValues,
} from '../quotas/quota-sql.js';
import { quotaError } from '../quotas/quota-refusal.js';
import type { RunSize } from '../quotas/quotas.js';
import { IS_ACTIVE, type RunLimits } from '../runs/limits.js';

/** The limit of queued runs that was reached. */
type LimitReached = 'user' | 'tenant' | 'global';
/** Why an admission's statement has stored nothing: a limit, a quota, or a counter that has to be made first. */
export type Refused = LimitReached | 'quota' | 'quota_unknown';

const CODES: Record<LimitReached, AppErrorCode> = {
  user: 'limit.user',
  tenant: 'limit.tenant',
  global: 'limit.server',
};
const WORDS: Record<LimitReached, string> = {
  user: 'Too many of your messages are still waiting for an answer.',
  tenant: 'Too many messages of your organisation are still waiting for an answer.',
  global: 'The server has too much to do right now.',
};

export const refusal = (refused: LimitReached): AppError => new AppError(CODES[refused], WORDS[refused]);

/** What the statement of an admission returns about the run that it may have stored. */
export const VERDICT = { refused: nullable(text<Refused>()) };
export const START = { ...VERDICT, startsNow: bool() };

/** The parts of an admission's statement that decide. Its parameters end with theirs. */
export interface Checks {
  /** Common table expressions that end in `verdict (refused, has_room)`. */
  readonly tables: string;
  /** Columns of the new run, each after a comma, and the expressions of their values. */
  readonly columns: string;
  readonly values: string;
  /** A column of `verdict` to return, after a comma. */
  readonly quota: string;
}

/** Where the parameters of the checks begin, and those with the owner. */
interface Place {
  readonly first: number;
  readonly tenant: string;
  readonly owner: string;
}

/** How many parameters {@link roomSql} has. */
const LIMITS = 5;

const limitsOnly = (place: Place): Checks => ({
  tables: roomSql(place, 'verdict'),
  columns: '',
  values: '',
  quota: '',
});

function limitsAndQuotas(place: Place, takes: boolean): Checks {
  const quotas: QuotaPlace = { first: place.first + LIMITS, tenant: place.tenant };
  return {
    tables: `${roomSql(place, 'room')}, ${takingSql(quotas, takes)}`,
    columns: RESERVED_COLUMNS,
    values: reservedValues(quotas),
    quota: ', quota',
  };
}

/** An admission's statement, and the one that also checks the quotas: without quotas nothing of them is paid. */
export interface Admitting<Of extends Columns> {
  readonly plain: Statement<RowOf<Of>>;
  readonly withQuotas: Statement<RowOf<Of & { quota: typeof QUOTA }>>;
}

/** `takes` false: the statement only asks whether a run would be admitted. */
export function admitting<Of extends typeof VERDICT>(
  label: string,
  place: Place & { readonly takes?: boolean },
  sql: (checks: Checks) => string,
  columns: Of,
): Admitting<Of> {
  const { takes = true } = place;
  return {
    plain: prepared(label, sql(limitsOnly(place)), columns),
    withQuotas: prepared(`${label}-quota`, sql(limitsAndQuotas(place, takes)), { ...columns, quota: QUOTA }),
  };
}

/**
 * Executes an admission's statement. Throws `AppError` `limit.user`, `limit.tenant`, `limit.server` or `quota.exceeded`, and
 * `QuotaUnknown` where a counter has to be made first; then nothing is stored.
 */
export async function decide<Of extends typeof VERDICT>(
  db: Queryable,
  { plain, withQuotas }: Admitting<Of>,
  { limits, auth, size }: { readonly limits: RunLimits; readonly auth: AuthContext; readonly size: () => RunSize },
  values: readonly unknown[],
): Promise<RowOf<Of>> {
  const { quotas } = limits;
  const given = [...values, ...limitValues(limits)];
  const { rows } = quotas
    ? await query(db, withQuotas, [...given, ...takingValues(quotas, auth, size())])
    : await query(db, plain, given);
  const [row] = rows as (RowOf<Of> & Decided)[];
  if (!row) throw new Error('an admission returned no row');
  if (row.refused) throw errorOf(row.refused, row.quota);
  return row;
}

interface Decided {
  readonly refused: Refused | null;
  readonly quota?: QuotaShortage | null;
}

function errorOf(refused: Refused, quota: QuotaShortage | null | undefined): Error {
  return refused === 'quota' || refused === 'quota_unknown' ? quotaError(refused, quota) : refusal(refused);
}

/** The values of {@link roomSql}'s parameters, in their order. */
function limitValues({ queuedRuns, activeRuns }: RunLimits): (number | null)[] {
  return [queuedRuns.global, queuedRuns.perTenant, queuedRuns.perUser, activeRuns.perTenant, activeRuns.perUser];
}

/**
 * The common table expression `name (refused, has_room)`: whether the limits allow one more run of an owner. Its
 * five parameters begin at `$first`. Runs are not counted for a limit that is not set, and no count reads more rows than
 * its limit needs. Two simultaneous admissions do not see each other: each may take the last place.
 */
function roomSql({ first, tenant, owner }: Place, name: string): string {
  const [global, tenantQueued, userQueued, tenantActive, userActive] = [0, 1, 2, 3, 4].map((n) => `$${first + n}::int`);
  return `
    everybody AS (
      SELECT CASE WHEN ${global} IS NOT NULL THEN queued_runs(${global}) END AS queued
    ), of_tenant AS (
      SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE ${IS_ACTIVE}) AS active
      FROM runs WHERE (${tenantQueued} IS NOT NULL OR ${tenantActive} IS NOT NULL)
                  AND tenant_id = ${tenant} AND settled_at IS NULL
    ), of_user AS (
      SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE ${IS_ACTIVE}) AS active
      FROM runs WHERE (${userQueued} IS NOT NULL OR ${userActive} IS NOT NULL)
                  AND tenant_id = ${tenant} AND owner_id = ${owner} AND settled_at IS NULL
    ), ${name} AS (
      SELECT CASE WHEN of_user.queued >= ${userQueued} THEN 'user'
                  WHEN of_tenant.queued >= ${tenantQueued} THEN 'tenant'
                  WHEN everybody.queued >= ${global} THEN 'global' END AS refused,
             coalesce(of_tenant.active < ${tenantActive}, true)
             AND coalesce(of_user.active < ${userActive}, true) AS has_room
      FROM everybody, of_tenant, of_user
    )`;
}
