import { firstIdAt } from '#chatkit';
import { countBacklog } from '../monitoring/backlog.js';
import type { Database } from '../platform/database.js';
import { int, nullable, query, text, unprepared } from '../platform/statement.js';
import { withinTime } from './within-time.js';

/** Failures that are counted at most. */
export const MAX_FAILED = 10_000;
const HOUR_MS = 3_600_000;

const FAILED = unprepared(
  'admin-failed',
  `SELECT coalesce(code, 'run.internal') AS code, count(*)::int AS count
   FROM (SELECT error_code AS code FROM runs WHERE state = 'failed' AND id >= $1 ORDER BY id DESC LIMIT ${MAX_FAILED}) AS run
   GROUP BY 1 ORDER BY 2 DESC, 1`,
  { code: nullable(text()), count: int() },
);

/** What is going on now. */
export interface Overview {
  /** In the queue, or waiting for their thread or for room under a limit. */
  readonly queued: number;
  /** Of them, those without a job: they wait for their thread or for room. */
  readonly waiting: number;
  readonly working: number;
  /** Working, but their lease is over. */
  readonly overdue: number;
  /** How long the oldest job has waited for a worker. */
  readonly oldestWaitMs: number;
  /** Runs of the last hour that failed, by their code. */
  readonly failed: readonly { readonly code: string | null; readonly count: number }[];
}

export async function overview(db: Database): Promise<Overview> {
  const since = firstIdAt('run', new Date(db.clock.now().getTime() - HOUR_MS));
  return withinTime(db, 'Try again.', async (tx) => {
    const { ready, waiting, working, overdue, oldestReadySeconds } = await countBacklog(tx);
    const { rows: failed } = await query(tx, FAILED, [since]);
    const oldestWaitMs = Math.round(oldestReadySeconds * 1_000);
    return { queued: ready + waiting, waiting, working, overdue, oldestWaitMs, failed };
  });
}
