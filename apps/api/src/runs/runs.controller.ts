import { Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError, type AuthContext, Database, PrismaThreadStore, type Run } from '#runtime';
import { listRuns, loadRun, RunAdmission } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';
import { PendingStops } from '../streams/pending-stops.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { SseResponse } from '../streams/sse-response.js';
import { END_CURSOR } from '../streams/marked-frames.js';
import { readCursor } from './read-cursor.js';
import { readItemIds } from './read-item-ids.js';
import { readLimit } from '../http/read-limit.js';
import { RunStreams } from './run-streams.js';
import { RunSummary, runSummary } from './run-summary.js';
import { type AnswerOf, Describes } from '../described/describes.js';
import { z } from 'zod';

const RunPage = z.object({ data: z.array(RunSummary), has_more: z.boolean() });
const StoppedRun = z.object({ run: RunSummary, met: z.enum(['queued', 'working', 'settled']) });

/** What the protocol has no requests for: listing runs, following one from any process, and stopping one. */
@Controller('chatkit')
export class RunsController {
  constructor(
    private readonly database: Database,
    private readonly store: PrismaThreadStore,
    private readonly runs: RunAdmission,
    private readonly streams: RunStreams,
    private readonly stops: PendingStops,
    private readonly config: ApiConfig,
    private readonly slots: StreamSlots,
  ) {}

  @Describes({
    summary: 'Lists the runs of a thread, newest first, or those that answer certain items',
    query: z.object({ limit: z.int().min(1).max(100).optional(), items: z.string().optional() }),
    answer: RunPage,
  })
  @Get('threads/:id/runs')
  async list(
    @Auth() auth: AuthContext,
    @Param('id') threadId: string,
    @Query('limit') given: unknown,
    @Query('items') items: unknown,
  ): Promise<AnswerOf<typeof RunPage>> {
    const limit = readLimit(given);
    const itemIds = readItemIds(items);
    await this.store.loadThread(auth, threadId);
    const runs = await listRuns(this.database, auth, threadId, { limit, itemIds });
    return { data: runs.slice(0, limit).map((run) => this.summary(run)), has_more: runs.length > limit };
  }

  @Describes({ summary: 'Follows a run', query: z.object({ after: z.string().optional() }), answer: 'events' })
  @Get('runs/:id/events')
  async follow(
    @Auth() auth: AuthContext,
    @Param('id') runId: string,
    @Headers('last-event-id') lastEventId: unknown,
    @Query('after') after: unknown,
    @Headers('accept-language') languages: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const cursor = readCursor(lastEventId, after);
    const run = await this.load(auth, runId);
    // An event source reconnects after every end, unless it gets this status.
    if (cursor === END_CURSOR) return void reply.status(204).send();
    const response = new SseResponse(reply, this.config.heartbeatMs);
    await this.slots.within(auth, () => this.streams.follow(run, { response, after: cursor, languages }));
  }

  /** `met` is the state that the run was in; a working run ends a moment later. May be repeated. */
  @Describes({ summary: 'Stops a run', answer: StoppedRun })
  @Post('runs/:id/cancel')
  @HttpCode(200)
  async cancel(@Auth() auth: AuthContext, @Param('id') runId: string): Promise<AnswerOf<typeof StoppedRun>> {
    const { threadId } = await this.load(auth, runId);
    const asked = this.runs.requestStop(runId, auth);
    this.stops.add(threadId, asked);
    const { met } = await asked;
    return { run: this.summary(await this.load(auth, runId)), met };
  }

  /** The same error for a run that does not exist, for another user's, and for a completion, which has no thread. */
  private async load(auth: AuthContext, runId: string): Promise<Run> {
    const run = await loadRun(this.database, auth, runId);
    if (!run?.threadId) throw new AppError('run.not_found', `There is no run ${runId}.`);
    return run;
  }

  private summary(run: Run): RunSummary {
    return runSummary(run, this.config.isSingleUser);
  }
}
