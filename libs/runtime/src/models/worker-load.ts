import { z } from 'zod';
import type { Queryable } from '../platform/database.js';
import { query, unprepared } from '../platform/statement.js';

/** What a worker says of itself. Older workers omit newer fields. */
const WorkerLoad = z.object({
  host: z.string(),
  pid: z.number(),
  node: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Runs that it holds. */
  runs: z.number(),
  /** Runs at once, at most. */
  concurrency: z.number(),
  memoryBytes: z.number(),
  /** Of one core, 1 is all of it. */
  cpu: z.number(),
  /** How late timers were, at the 99th percentile, since the last report. */
  loopDelayMs: z.number(),
  /** It takes no more jobs. */
  isStopping: z.boolean(),
  /** Bytes of attachments that it holds for turns, how many it may hold, and how many turns wait for theirs. */
  attachments: z.object({ held: z.number(), most: z.number(), waiting: z.number() }).optional(),
  /** Model calls that wait for one of the concurrent ones that a limit allows, by the limit's scope. */
  waits: z.record(z.string(), z.number()).optional(),
});
export type WorkerLoad = z.output<typeof WorkerLoad>;

/** Workers report this often. */
export const LOAD_REPORT_MS = 5_000;

const REPORT = unprepared(
  'worker-load',
  'UPDATE catalogues SET load = $2::jsonb, load_at = now() WHERE worker_id = $1',
);

export async function reportLoad(db: Queryable, workerId: string, load: WorkerLoad): Promise<void> {
  await query(db, REPORT, [workerId, JSON.stringify(load)]);
}

/** Of a row that another version wrote; what cannot be read counts as none. */
export const toWorkerLoad = (stored: unknown): WorkerLoad | undefined => WorkerLoad.safeParse(stored).data;
