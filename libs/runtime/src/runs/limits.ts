import { z } from 'zod';
import { AppError, type AppErrorCode } from '../errors/app-error.js';

/** A number of runs; `false` is no limit. */
const Count = z.union([z.literal(false), z.int().min(1)]);

/** The `limits` of the config file. What is absent has the default of {@link runLimits}. */
export const LimitsConfig = z.strictObject({
  /** Runs that no worker has taken yet; one more is refused. */
  queuedRuns: z
    .strictObject({ global: Count.optional(), perTenant: Count.optional(), perUser: Count.optional() })
    .default({}),
  /** Runs that have a job or a worker; the others wait in Postgres. */
  activeRuns: z.strictObject({ perTenant: Count.optional(), perUser: Count.optional() }).default({}),
  /** A run that no worker took for this long, in seconds, fails. */
  maxQueueSeconds: z.number().positive().default(600),
});
export type LimitsConfig = z.output<typeof LimitsConfig>;

/** What one installation takes on. Null is no limit. */
export interface RunLimits {
  readonly queuedRuns: {
    readonly global: number | null;
    readonly perTenant: number | null;
    readonly perUser: number | null;
  };
  readonly activeRuns: { readonly perTenant: number | null; readonly perUser: number | null };
  readonly maxQueueMs: number;
}

const DEFAULTS = { queuedGlobal: 10_000, queuedPerUser: 100, activePerUser: 10 };

/**
 * The limits in force. Without users (`distinguishesUsers` false: auth `none`) everybody is one user, and a limit per
 * user holds only where it is written down.
 */
export function runLimits(config: LimitsConfig, distinguishesUsers: boolean): RunLimits {
  const { queuedRuns, activeRuns } = config;
  const perUser = (count: number) => (distinguishesUsers ? count : false);
  return {
    queuedRuns: {
      global: limit(queuedRuns.global, DEFAULTS.queuedGlobal),
      perTenant: limit(queuedRuns.perTenant, false),
      perUser: limit(queuedRuns.perUser, perUser(DEFAULTS.queuedPerUser)),
    },
    activeRuns: {
      perTenant: limit(activeRuns.perTenant, false),
      perUser: limit(activeRuns.perUser, perUser(DEFAULTS.activePerUser)),
    },
    maxQueueMs: config.maxQueueSeconds * 1000,
  };
}

const limit = (configured: number | false | undefined, otherwise: number | false): number | null =>
  (configured ?? otherwise) || null;

/** Which limit of queued runs is met. */
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

/** Has a job or a worker. */
export const IS_ACTIVE = `(state = 'working' OR (state = 'queued' AND dispatched_at IS NOT NULL))`;

/**
 * The common table expression `verdict (refused, has_room)`: what the limits say about one more run of an owner. Its
 * five parameters begin at `$first`. A limit that is not set is not counted for, and no count reads more rows than
 * its limit needs. Two admissions at the very same moment do not see each other: each may take the last place.
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
