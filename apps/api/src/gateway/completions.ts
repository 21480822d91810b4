import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { newId } from '#chatkit';
import { AppError, type AuthContext, type ChatCompletionRequest, EventEngine, type RunContext } from '#runtime';
import { RunAdmission } from '#runtime/api';
import { ApiConfig } from '../config.js';
import { ModelNames } from '../models/model-names.js';
import { Disconnects } from '../streams/disconnects.js';
import { OpenStreams } from '../streams/open-streams.js';
import { RunFollowers } from '../streams/run-followers.js';
import { CompletionReply } from './completion-reply.js';

/** A request for a chat completion. */
export interface CompletionRequest {
  readonly auth: AuthContext;
  readonly completion: ChatCompletionRequest;
  readonly context: RunContext;
}

/** The completions that this process serves: each is a run without a thread. */
@Injectable()
export class Completions {
  constructor(
    private readonly config: ApiConfig,
    private readonly engine: EventEngine,
    private readonly runs: RunAdmission,
    private readonly models: ModelNames,
    private readonly followers: RunFollowers,
    private readonly streams: OpenStreams,
    private readonly disconnects: Disconnects,
  ) {}

  /**
   * A completion, from the edge to its last byte: every refusal first, then admission while the follower joins the run's
   * readers, then the job, then the run's frames. Resolves when nothing more will be sent.
   */
  async answer({ auth, completion, context }: CompletionRequest, reply: FastifyReply): Promise<void> {
    if (!(await this.engine.untilReady())) {
      throw new AppError('service.unavailable', 'The server cannot take calls right now.');
    }
    await this.models.assertKnown(completion.model);
    const runId = newId('run');
    const response = new CompletionReply(reply, runId, completion.stream ?? false, this.config.heartbeatMs);
    const follower = this.followers.ofCompletion(auth, runId, response);
    const joined = this.followers.join(auth, follower, runId);
    const admitted = await this.runs.admitCompletion(auth, { runId, completion, context }).catch((error: unknown) => {
      follower.leave();
      response.withdraw();
      throw error;
    });
    await joined;

    this.streams.add(response);
    follower.start({ fromLog: false });
    if (!response.isOver && admitted) void this.runs.dispatch(admitted);
    await Promise.race([follower.done.then(() => response.end()), response.over]);
    this.streams.remove(response);
    if (follower.isOver) void this.followers.forgetCompletion(auth, runId);
    else this.disconnects.readerLeft('gatewayCaller', { runId, owner: auth }, follower);
  }
}
