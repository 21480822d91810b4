import { z } from 'zod';
import { ThreadStatus } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { jsonb, nullable, query, timestamp, unprepared } from '../platform/statement.js';
import { type RunSteps, toRunSteps } from '../runs/run-steps.js';
import { RUN_FACTS, RUN_FACTS_SQL, type RunFacts, toRunFacts } from './run-facts.js';

/** An attempt at a run, as its claim noted it. Times are ISO 8601. */
const Claimed = z.object({
  fence: z.number(),
  worker: z.string(),
  queued_at: z.string().nullish(),
  at: z.string(),
  /** Why the attempt ended: `handed_over`, `released` or `lease_over`; absent for the attempt that has the run or has ended it. */
  ended: z.string().optional(),
});
export type Claimed = z.output<typeof Claimed>;

/** A run with its story. */
export interface RunDetails extends RunFacts {
  readonly claims: readonly Claimed[];
  readonly steps: RunSteps;
  /** Of its thread; null without one. */
  readonly threadStatus: ThreadStatus | null;
  /** Of Postgres. */
  readonly now: Date;
}

const LOAD = unprepared(
  'admin-run',
  `SELECT ${RUN_FACTS_SQL}, claims, steps, (SELECT status FROM threads WHERE id = runs.thread_id) AS "threadStatus",
          clock_timestamp() AS now
   FROM runs WHERE id = $1`,
  {
    ...RUN_FACTS,
    claims: nullable(jsonb<unknown>()),
    steps: nullable(jsonb<unknown>()),
    threadStatus: nullable(jsonb<unknown>()),
    now: timestamp(),
  },
);

/** Whosever run it is; undefined if there is none. */
export async function loadRunDetails(db: Queryable, runId: string): Promise<RunDetails | undefined> {
  const { rows } = await query(db, LOAD, [runId]);
  const [row] = rows;
  if (!row) return undefined;
  const { claims, steps, threadStatus, now, ...facts } = row;
  return {
    ...toRunFacts(facts),
    claims: z.array(Claimed).safeParse(claims).data ?? [],
    steps: toRunSteps(steps),
    threadStatus: ThreadStatus.safeParse(threadStatus).data ?? null,
    now,
  };
}
