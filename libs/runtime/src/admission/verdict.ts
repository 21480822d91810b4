import { AppError, type AppErrorCode } from '../errors/app-error.js';
import { IS_ACTIVE, type RunLimits } from '../runs/limits.js';

/** The limit of queued runs that was reached. */
export type Refused = 'user' | 'tenant' | 'global';

const CODES: Record<Refused, AppErrorCode> = { user: 'limit.user', tenant: 'limit.tenant', global: 'limit.server' };
const WORDS: Record<Refused, string> = {
  user: 'Too many of your messages are still waiting for an answer.',
  tenant: 'Too many messages of your organisation are still waiting for an answer.',
  global: 'The server has too much to do right now.',
};

export const refusal = (refused: Refused): AppError => new AppError(CODES[refused], WORDS[refused]);

/** The values of {@link verdictSql}'s parameters, in their order. */
export function limitValues({ queuedRuns, activeRuns }: RunLimits): (number | null)[] {
  return [queuedRuns.global, queuedRuns.perTenant, queuedRuns.perUser, activeRuns.perTenant, activeRuns.perUser];
}

/**
 * The common table expression `verdict (refused, has_room)`: whether the limits allow one more run of an owner. Its
 * five parameters begin at `$first`. Runs are not counted for a limit that is not set, and no count reads more rows than
 * its limit needs. Two simultaneous admissions do not see each other: each may take the last place.
 */
export function verdictSql(first: number, tenant: string, owner: string): string {
  const [global, tenantQueued, userQueued, tenantActive, userActive] = [0, 1, 2, 3, 4].map((n) => `$${first + n}::int`);
  return `
    everybody AS (
      SELECT count(*) AS queued
      FROM (SELECT 1 FROM runs WHERE ${global} IS NOT NULL AND state = 'queued' LIMIT ${global}) AS queue
    ), of_tenant AS (
      SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE ${IS_ACTIVE}) AS active
      FROM runs WHERE (${tenantQueued} IS NOT NULL OR ${tenantActive} IS NOT NULL)
                  AND tenant_id = ${tenant} AND settled_at IS NULL
    ), of_user AS (
      SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE ${IS_ACTIVE}) AS active
      FROM runs WHERE (${userQueued} IS NOT NULL OR ${userActive} IS NOT NULL)
                  AND tenant_id = ${tenant} AND owner_id = ${owner} AND settled_at IS NULL
    ), verdict AS (
      SELECT CASE WHEN of_user.queued >= ${userQueued} THEN 'user'
                  WHEN of_tenant.queued >= ${tenantQueued} THEN 'tenant'
                  WHEN everybody.queued >= ${global} THEN 'global' END AS refused,
             coalesce(of_tenant.active < ${tenantActive}, true)
             AND coalesce(of_user.active < ${userActive}, true) AS has_room
      FROM everybody, of_tenant, of_user
    )`;
}
