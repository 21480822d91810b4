import type { StreamingRequest } from '#chatkit';
import { type Admitted, AppError, type RunFollower, type TurnRequest, type IdempotentReplay } from '#runtime';
import { joinReaders } from '../streams/join-readers.js';
import type { Caller } from './caller.js';
import { followTwin } from './follow-twin.js';
import { openingOf } from './preamble.js';
import type { SseResponse } from '../streams/sse-response.js';
import { readerOf, streamRun } from './stream-run.js';
import { toTurn } from './to-turn.js';
import type { TurnDeps } from './turn-deps.js';

/**
 * A streaming request's way from the edge to its stream: every refusal first, then admit while the readers' place is
 * taken, then the preamble, then the job, then whatever the run says. A request that has been made before gets the stream
 * of its run.
 */
export async function startTurn(
  deps: TurnDeps,
  caller: Caller,
  request: StreamingRequest,
  response: SseResponse,
): Promise<void> {
  // Seen before anything is stored; an engine that goes away later is made up for by the sweeper.
  if (!deps.engine.isReady()) throw new AppError('service.unavailable', 'The server cannot take messages right now.');
  const earlier = await findReplay(deps, caller);
  if (earlier) return followTwin(deps, caller, earlier, response);
  const turn = await toTurn(deps, caller, request);
  const { runId, threadId } = turn;
  await deps.stops.known(threadId);
  const reader = readerOf(deps, caller, { runId, response, isRepeated: false });
  const admitted = await admitAndJoin(deps, caller, turn, reader.follower);
  if ('isOver' in admitted) return followTwin(deps, caller, admitted, response);
  const run = { runId, threadId, opening: openingOf(turn, admitted), from: { fromLog: false } };
  await streamRun(deps, caller, run, reader, response, () => {
    if (admitted.dispatch) void deps.lifecycle.dispatch(admitted.dispatch);
  });
}

/** The run that this request's key stands for already. */
async function findReplay(
  { lifecycle }: TurnDeps,
  { auth, idempotency }: Caller,
): Promise<IdempotentReplay | undefined> {
  return idempotency && lifecycle.findReplay(auth, idempotency);
}

/**
 * Admission and the place among the readers, side by side; the job is added when both are done. Where the same request
 * was admitted at the same time by somebody else, its run.
 */
async function admitAndJoin(
  deps: TurnDeps,
  caller: Caller,
  turn: TurnRequest,
  follower: RunFollower,
): Promise<Admitted | IdempotentReplay> {
  const joined = joinReaders(follower, turn.runId, deps.logger);
  try {
    const admitted = await deps.lifecycle.admit(caller.auth, turn);
    await joined;
    return admitted;
  } catch (error) {
    follower.stop();
    const twin = await findReplay(deps, caller);
    if (twin) return twin;
    throw error;
  }
}
