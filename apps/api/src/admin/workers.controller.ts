import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#runtime';
import { listWorkers, type Worker } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const WorkerShown = z.object({
  id: z.string(),
  /** Runs that it holds, and of them those whose lease is over. */
  working: z.number(),
  overdue: z.number(),
  /** Null: it has said nothing, or is gone. */
  load: z
    .object({
      host: z.string(),
      pid: z.number(),
      node: z.string(),
      started_at: z.string(),
      runs: z.number(),
      concurrency: z.number(),
      memory_bytes: z.number(),
      /** Of one core, 1 is all of it. */
      cpu: z.number(),
      loop_delay_ms: z.number(),
      is_stopping: z.boolean(),
      age_ms: z.number().nullable(),
    })
    .nullable(),
});
const Workers = z.object({ data: z.array(WorkerShown) });

/** The workers, and what they are doing. */
@Controller('admin/api/workers')
export class WorkersController {
  constructor(private readonly db: Database) {}

  @AccessFor('admin')
  @Describes({ summary: 'Lists the workers and their load', answer: Workers })
  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<AnswerOf<typeof Workers>> {
    return { data: (await listWorkers(this.db.system)).map(shown) };
  }
}

const shown = ({ id, working, overdue, load, loadAt, now }: Worker): AnswerOf<typeof WorkerShown> => ({
  id,
  working,
  overdue,
  load: load
    ? {
        host: load.host,
        pid: load.pid,
        node: load.node,
        started_at: load.startedAt,
        runs: load.runs,
        concurrency: load.concurrency,
        memory_bytes: load.memoryBytes,
        cpu: load.cpu,
        loop_delay_ms: load.loopDelayMs,
        is_stopping: load.isStopping,
        age_ms: loadAt ? Math.max(0, now.getTime() - loadAt.getTime()) : null,
      }
    : null,
});
