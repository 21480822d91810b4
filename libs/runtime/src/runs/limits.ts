import { z } from 'zod';
import type { Quotas } from '../quotas/quotas.js';

/** A number of runs; `false` means no limit. */
const Count = z.union([z.literal(false), z.int().min(1)]);

/** The `limits` of the config file. Absent limits have the defaults of {@link runLimits}. */
export const LimitsConfig = z.strictObject({
  queuedRuns: z
    .strictObject({
      global: Count.optional().describe('Of all; 10,000 by default'),
      perTenant: Count.optional().describe('Of a tenant; no limit by default'),
      perUser: Count.optional().describe('Of a user; 100 by default where users are told apart'),
    })
    .default({})
    .describe('Runs that no worker has taken yet; further ones are refused'),
  activeRuns: z
    .strictObject({
      perTenant: Count.optional().describe('Of a tenant; no limit by default'),
      perUser: Count.optional().describe('Of a user; 10 by default where users are told apart'),
    })
    .default({})
    .describe('Runs that have a job or a worker; the others wait in Postgres'),
  maxQueueSeconds: z
    .number()
    .positive()
    .default(600)
    .describe('A run that no worker took for this long, in seconds, fails'),
});
export type LimitsConfig = z.output<typeof LimitsConfig>;

/** The limits of one installation. Null means no limit. A class, so that it can be injected. */
export abstract class RunLimits {
  abstract readonly queuedRuns: {
    readonly global: number | null;
    readonly perTenant: number | null;
    readonly perUser: number | null;
  };
  abstract readonly activeRuns: { readonly perTenant: number | null; readonly perUser: number | null };
  abstract readonly maxQueueMs: number;
  /** Of tokens and money; absent where none is configured. */
  abstract readonly quotas?: Quotas | undefined;
}

const DEFAULTS = { queuedGlobal: 10_000, queuedPerUser: 100, activePerUser: 10 };

/**
 * The limits in force. Without users (`distinguishesUsers` false: auth `none`) all requests count as one user, and a limit per
 * user applies only if it is configured.
 */
export function runLimits(config: LimitsConfig, distinguishesUsers: boolean, quotas?: Quotas): RunLimits {
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
    ...(quotas && { quotas }),
  };
}

const limit = (configured: number | false | undefined, otherwise: number | false): number | null =>
  (configured ?? otherwise) || null;

/** Has a job or a worker. */
export const IS_ACTIVE = `(state = 'working' OR (state = 'queued' AND dispatched_at IS NOT NULL))`;
