import { Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  AppError,
  type AuthContext,
  Database,
  listRuns,
  loadRun,
  PrismaThreadStore,
  type Run,
  RunAdmission,
} from '#runtime';
import { ApiSettings } from '../api-settings.js';
import { Auth } from '../auth/auth.decorator.js';
import { SseResponse } from '../streams/sse-response.js';
import { StopsUnderWay } from '../streams/stops-under-way.js';
import { END_CURSOR } from '../streams/marked-frames.js';
import { readCursor } from './read-cursor.js';
import { readLimit } from './read-limit.js';
import { RunStreams } from './run-streams.js';
import { type RunSummary, runSummary } from './run-summary.js';

/** What the protocol has no requests for: to find a run, to follow it from any process, to stop it in words. */
@Controller('chatkit')
export class RunsController {
  constructor(
    private readonly database: Database,
    private readonly store: PrismaThreadStore,
    private readonly lifecycle: RunAdmission,
    private readonly streams: RunStreams,
    private readonly stops: StopsUnderWay,
    private readonly settings: ApiSettings,
  ) {}

  @Get('threads/:id/runs')
  async list(@Auth() auth: AuthContext, @Param('id') threadId: string, @Query('limit') given: unknown) {
    const limit = readLimit(given);
    await this.store.loadThread(auth, threadId);
    const runs = await listRuns(this.database, auth, threadId, limit);
    return { data: runs.slice(0, limit).map((run) => this.summary(run)), has_more: runs.length > limit };
  }

  @Get('runs/:id/events')
  async follow(
    @Auth() auth: AuthContext,
    @Param('id') runId: string,
    @Headers('last-event-id') lastEventId: unknown,
    @Query('after') after: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const cursor = readCursor(lastEventId, after);
    const run = await this.load(auth, runId);
    // Tells an event source, which comes again after every end, not to.
    if (cursor === END_CURSOR) return void reply.status(204).send();
    await this.streams.follow(run, cursor, new SseResponse(reply, this.settings.heartbeatMs));
  }

  /** `met` is the state that the stop found; a run that is at work ends a moment later. Twice is as good as once. */
  @Post('runs/:id/cancel')
  @HttpCode(200)
  async cancel(@Auth() auth: AuthContext, @Param('id') runId: string) {
    const { threadId } = await this.load(auth, runId);
    const asked = this.lifecycle.requestStop(runId);
    this.stops.add(threadId, asked);
    const { met } = await asked;
    return { run: this.summary(await this.load(auth, runId)), met };
  }

  /** The same words for a run that is not there, for somebody else's, and for a call of the gateway, which has no thread. */
  private async load(auth: AuthContext, runId: string): Promise<Run> {
    const run = await loadRun(this.database, auth, runId);
    if (!run?.threadId) throw new AppError('run.not_found', `There is no run ${runId}.`);
    return run;
  }

  private summary(run: Run): RunSummary {
    return runSummary(run, this.settings.auth.mode === 'none');
  }
}
