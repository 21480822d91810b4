import { Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ThreadItem, ThreadStatus } from '#chatkit';
import { AppError, Database } from '#runtime';
import { listAllRuns, loadRetryTarget, loadRunContent, loadRunDetails, overview, RunAdmission } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { Name } from '../auth/name-schema.js';
import { ApiConfig } from '../config.js';
import { parseBody } from '../http/parse-body.js';
import { MAX_ROWS } from './list-bounds.js';
import { retryRun } from './retry-run.js';
import { TimelineEntry, timelineOf } from './run-timeline.js';
import { jobIdsOf, RunShown, runView } from './run-view.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const States = z.enum(['queued', 'working', 'completed', 'failed', 'cancelled']);
const Text = z.string().min(1).max(256);

const Filter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(50),
  before: Text.optional(),
  state: z
    .string()
    .max(256)
    .transform((given) => given.split(','))
    .pipe(z.array(States))
    .optional(),
  tenant: Name.optional(),
  user: Name.optional(),
  thread: Text.optional(),
  model: Text.optional(),
  error: Text.optional(),
  worker: Text.optional(),
  assistant: Text.optional(),
  q: Text.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});

const Counts = z.object({
  queued: z.number(),
  waiting: z.number(),
  working: z.number(),
  overdue: z.number(),
  oldest_wait_ms: z.number(),
  /** Of the last hour. */
  failed: z.array(z.object({ code: z.string().nullable(), count: z.number() })),
});
const RunPage = z.object({
  data: z.array(RunShown),
  has_more: z.boolean(),
  /** Where the next page begins. */
  next: z.string().nullable(),
  /** All runs that are newer have been looked at. */
  looked_until: z.iso.datetime().nullable(),
  now: z.iso.datetime(),
});
const RunDetailsShown = RunShown.extend({
  job_ids: z.array(z.string()),
  timeline: z.array(TimelineEntry),
  /** Model calls and tools that are not in the timeline. */
  steps_left_out: z.number(),
  thread_status: ThreadStatus.nullable(),
});
const StoppedRun = z.object({ met: z.enum(['queued', 'working', 'settled']), run: RunDetailsShown });
const ChangedRun = z.object({ run: RunDetailsShown });
const Content = z.object({ data: z.array(ThreadItem), is_cut: z.boolean() });

/** The runs of everybody, and what administrators do to them. */
@Controller('admin/api')
export class AdminRunsController {
  constructor(
    private readonly db: Database,
    private readonly admission: RunAdmission,
    private readonly config: ApiConfig,
  ) {}

  @AccessFor('admin')
  @Describes({ summary: 'Counts runs by state', answer: Counts })
  @Get('overview')
  @Header('cache-control', 'no-store')
  async overview(): Promise<AnswerOf<typeof Counts>> {
    const { oldestWaitMs, ...counts } = await overview(this.db);
    return { ...counts, oldest_wait_ms: oldestWaitMs };
  }

  /** Newest first. `next` is where the next page begins, also where this one has no run: it has looked at as many as it may. */
  @AccessFor('admin')
  @Describes({ summary: 'Lists runs, newest first', query: Filter, answer: RunPage })
  @Get('runs')
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown): Promise<AnswerOf<typeof RunPage>> {
    const { state, error, q, from, until, ...filter } = parseBody(Filter, query);
    const page = await listAllRuns(this.db, {
      ...filter,
      states: state,
      errorCode: error,
      words: q?.trim() || undefined,
      from: from === undefined ? undefined : new Date(from),
      until: until === undefined ? undefined : new Date(until),
    });
    return {
      data: page.runs.map((run) => runView(run, page.now)),
      has_more: page.next !== undefined,
      next: page.next ?? null,
      looked_until: page.lookedUntil?.toISOString() ?? null,
      now: page.now.toISOString(),
    };
  }

  @AccessFor('admin')
  @Describes({ summary: 'Shows a run with its timeline', answer: RunDetailsShown })
  @Get('runs/:id')
  @Header('cache-control', 'no-store')
  async get(@Param('id') id: string): Promise<AnswerOf<typeof RunDetailsShown>> {
    return this.details(id);
  }

  /** `met` is the state that the run was in; a working run ends a moment later. May be repeated. */
  @AccessFor('admin', 'run.stop')
  @Describes({ summary: 'Stops a run', answer: StoppedRun })
  @Post('runs/:id/stop')
  @HttpCode(200)
  async stop(@Param('id') id: string): Promise<AnswerOf<typeof StoppedRun>> {
    await this.details(id);
    const { met } = await this.admission.requestStop(id);
    return { met, run: await this.details(id) };
  }

  /** Answers the message of a run that failed or was stopped again, as its user could. */
  @AccessFor('admin', 'run.retry')
  @Describes({ summary: 'Answers again', answer: ChangedRun })
  @Post('runs/:id/retry')
  @HttpCode(200)
  async retry(@Param('id') id: string, @Req() request: FastifyRequest): Promise<AnswerOf<typeof ChangedRun>> {
    const target = await loadRetryTarget(this.db.system, id);
    if (!target) throw notFound(id);
    return { run: await this.details(await retryRun(this.admission, target, request.id)) };
  }

  /** Takes a working run from a worker that is stuck; another one begins it again. */
  @AccessFor('admin', 'run.release')
  @Describes({ summary: 'Takes a run from its worker', answer: ChangedRun })
  @Post('runs/:id/release')
  @HttpCode(200)
  async release(@Param('id') id: string): Promise<AnswerOf<typeof ChangedRun>> {
    await this.details(id);
    if (!(await this.admission.release(id))) {
      throw new AppError('run.not_working', `No worker has the run ${id}: there is nothing to release.`);
    }
    return { run: await this.details(id) };
  }

  /** Where the setting allows it; every look is on record, before it is answered. */
  @AccessFor('admin', 'run.read')
  @Describes({ summary: 'Shows the items of a run, where that is allowed', answer: Content, isProtocol: true })
  @Get('runs/:id/content')
  @Header('cache-control', 'no-store')
  async content(@Param('id') id: string): Promise<AnswerOf<typeof Content>> {
    if (!this.config.adminContent) {
      throw new AppError(
        'feature.not_configured',
        'Administrators may not read conversations here; ADMIN_CONTENT=true lets them, and records every look.',
      );
    }
    const content = await loadRunContent(this.db.system, id);
    if (!content) throw notFound(id);
    return { data: content.items, is_cut: content.isCut };
  }

  private async details(id: string): Promise<AnswerOf<typeof RunDetailsShown>> {
    const run = await loadRunDetails(this.db.system, id);
    if (!run) throw notFound(id);
    return {
      ...runView(run, run.now),
      job_ids: jobIdsOf(run),
      timeline: timelineOf(run),
      steps_left_out: run.steps.more,
      thread_status: run.threadStatus,
    };
  }
}

const notFound = (id: string): AppError => new AppError('run.not_found', `There is no run ${id}.`);
