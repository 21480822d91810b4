import { newId } from '#chatkit';
import {
  AppError,
  type AuthContext,
  type ChatCompletionRequest,
  type EventEngine,
  type FollowDeps,
  type Logger,
  RunFollower,
  type RunContext,
  type RunAdmission,
} from '#runtime';
import type { FastifyReply } from 'fastify';
import type { OpenStreams } from '../streams/open-streams.js';
import type { ModelNames } from '../models/model-names.js';
import { joinReaders } from '../streams/join-readers.js';
import { GatewayReply } from './gateway-reply.js';

export interface CompletionDeps {
  readonly engine: EventEngine;
  readonly lifecycle: RunAdmission;
  readonly models: ModelNames;
  readonly follow: FollowDeps;
  readonly streams: OpenStreams;
  readonly heartbeatMs: number | undefined;
  readonly logger: Logger;
}

export interface CompletionCall {
  readonly auth: AuthContext;
  readonly request: ChatCompletionRequest;
  readonly context: RunContext;
}

/**
 * A call of the gateway, from the edge to its last byte: every refusal first, then admit while the reader's place is taken,
 * then the job, then whatever the run says. Resolves when nothing more will be sent.
 */
export async function startCompletion(deps: CompletionDeps, call: CompletionCall, reply: FastifyReply): Promise<void> {
  const { auth, request: completion, context } = call;
  if (!deps.engine.isReady()) throw new AppError('service.unavailable', 'The server cannot take calls right now.');
  await deps.models.assertKnown(completion.model);
  const runId = newId('run');
  const response = new GatewayReply(reply, runId, completion.stream ?? false, deps.heartbeatMs);
  const follower = new RunFollower(deps.follow, runId, response);
  const joined = joinReaders(follower, runId, deps.logger);
  const admitted = await deps.lifecycle.admitGateway(auth, { runId, completion, context }).catch((error: unknown) => {
    follower.stop();
    response.withdraw();
    throw error;
  });
  await joined;

  deps.streams.add(response);
  follower.start({ fromLog: false });
  if (!response.isOver && admitted) void deps.lifecycle.dispatch(admitted);
  await Promise.race([follower.done.then(() => response.end('complete')), response.over]);
  deps.streams.remove(response);
  follower.stop();
  if (!follower.isOver) stop(deps, runId);
}

/** Nobody can follow a call again: without its caller, the model works for nothing. */
function stop({ lifecycle, logger }: CompletionDeps, runId: string): void {
  lifecycle.requestStop(runId).then(
    ({ met }) => logger.info({ runId, met }, 'the caller left: stop asked for'),
    (error: Error) => logger.error({ err: error, runId }, 'cannot ask for a stop'),
  );
}
