import type { StreamingRequest } from '#chatkit';
import {
  AppError,
  type AuthContext,
  type EventEngine,
  type FollowDeps,
  type FrameSink,
  answerWithin,
  JOIN_WITHIN_MS,
  type Logger,
  RunFollower,
  type RunLifecycle,
  type TurnRequest,
} from '#runtime';
import { BEFORE_FIRST_EVENT, MarkedFrames } from '../runs/marked-frames.js';
import type { Caller } from './caller.js';
import { onDisconnect } from './disconnect-policy.js';
import type { OpenStreams } from './open-streams.js';
import { preamble } from './preamble.js';
import type { SseResponse } from './sse-response.js';
import type { StopsUnderWay } from './stops-under-way.js';
import { toTurn, type ToTurnDeps } from './to-turn.js';

export interface StartTurnDeps extends ToTurnDeps {
  readonly engine: EventEngine;
  readonly lifecycle: RunLifecycle;
  readonly follow: FollowDeps;
  readonly streams: OpenStreams;
  readonly stops: StopsUnderWay;
  readonly logger: Logger;
}

/**
 * A streaming request's way from the edge to its stream: every refusal first, then admit while the readers' place is
 * taken, then the preamble, then the job, then whatever the run says.
 */
export async function startTurn(
  deps: StartTurnDeps,
  caller: Caller,
  request: StreamingRequest,
  response: SseResponse,
): Promise<void> {
  // Seen before anything is stored; an engine that goes away later is made up for by the sweeper.
  if (!deps.engine.isReady()) throw new AppError('service.unavailable', 'The server cannot take messages right now.');
  const turn = await toTurn(deps, caller, request);
  const { runId, threadId } = turn;
  await deps.stops.known(threadId);
  const sink: FrameSink = caller.isShim ? new MarkedFrames(response) : response;
  const follower = new RunFollower(deps.follow, runId, sink);
  const admitted = await admitAndJoin(deps, caller.auth, turn, follower);

  deps.streams.add(response);
  deps.stops.streamOpened(threadId);
  response.onAborted(() => leave(deps, turn, follower, caller));
  response.open({ 'chatkit-run-id': runId }, { runId, threadId });
  sink.write(preamble(turn, admitted, caller.assistant.allowCancel), BEFORE_FIRST_EVENT);
  follower.start({ fromLog: false });
  if (response.isClosed) leave(deps, turn, follower, caller);
  else if (admitted.dispatch) void deps.lifecycle.dispatch(admitted.dispatch);
  await follower.done;
  deps.stops.streamEnded(threadId);
  deps.streams.remove(response);
  response.end();
}

/** Admission and the place among the readers, side by side; the job is added when both are done. */
async function admitAndJoin(deps: StartTurnDeps, auth: AuthContext, turn: TurnRequest, follower: RunFollower) {
  const joined = answerWithin(JOIN_WITHIN_MS, 'The event engine', follower.join()).catch((error: Error) => {
    // The run is told of in Postgres and in the log: a follower that nobody copies to reads them every 3 s.
    deps.logger.warn({ err: error, runId: turn.runId }, 'cannot join the readers of a run');
  });
  try {
    const admitted = await deps.lifecycle.admit(auth, turn);
    await joined;
    return admitted;
  } catch (error) {
    follower.stop();
    throw error;
  }
}

function leave(
  deps: StartTurnDeps,
  { runId, threadId }: TurnRequest,
  follower: RunFollower,
  { isShim: announcedShim }: Caller,
): void {
  const wasLastReader = follower.stop();
  const serverStops = deps.streams.stopping;
  if (onDisconnect({ announcedShim, wasLastReader, serverStops }) === 'detach') return;
  const asked = deps.lifecycle.requestStop(runId);
  deps.stops.add(threadId, asked);
  asked.then(
    ({ met }) => deps.logger.info({ runId, met }, 'the reader left: stop asked for'),
    (error: Error) => deps.logger.error({ err: error, runId }, 'cannot ask for a stop'),
  );
}
