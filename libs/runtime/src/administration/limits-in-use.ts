import { type Backlog, countBacklog } from '../monitoring/backlog.js';
import type { Database } from '../platform/database.js';
import { listNearQuotas, type NearQuota } from '../quotas/near-quotas.js';
import type { RunLimits } from '../runs/limits.js';
import { type BusyOwner, listBusiestOwners } from './busiest-owners.js';
import { withinTime } from './within-time.js';

/** How far the limits of users and tenants are used. */
export interface LimitsInUse {
  readonly backlog: Backlog;
  readonly owners: readonly BusyOwner[];
  readonly quotas: readonly NearQuota[];
}

/** Tenants are listed where they have limits of runs. Throws `AppError` `service.unavailable` where it takes too long. */
export function limitsInUse(db: Database, limits: RunLimits): Promise<LimitsInUse> {
  const { activeRuns, queuedRuns, quotas } = limits;
  const withTenants = activeRuns.perTenant !== null || queuedRuns.perTenant !== null;
  return withinTime(db, 'Try again.', async (tx) => ({
    backlog: await countBacklog(tx),
    owners: await listBusiestOwners(tx, withTenants),
    quotas: quotas ? await listNearQuotas(tx, quotas) : [],
  }));
}
