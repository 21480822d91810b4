import { type FrameSink, RunFollower } from '#runtime';
import { BEFORE_FIRST_EVENT, MarkedFrames } from '../streams/marked-frames.js';
import type { Caller } from './caller.js';
import { leaveRun } from './leave-run.js';
import { type Opening, preamble } from './preamble.js';
import type { SseResponse } from '../streams/sse-response.js';
import type { TurnDeps } from './turn-deps.js';

/** Somebody who reads a run by a ChatKit request. */
export interface Reader {
  readonly follower: RunFollower;
  readonly sink: FrameSink;
}

/** `isRepeated`: the run is there already, and the shim, which counts events, gets all of them from the log. */
export function readerOf(
  { follow }: TurnDeps,
  { isShim }: Caller,
  { runId, response, isRepeated }: { runId: string; response: SseResponse; isRepeated: boolean },
): Reader {
  const sink = isShim ? new MarkedFrames(response) : response;
  return {
    sink,
    follower: new RunFollower(follow, runId, sink, isRepeated && isShim ? { fence: 0, seq: 0 } : undefined),
  };
}

/** A run, and what its reader sees first. */
export interface ReadRun {
  readonly runId: string;
  readonly threadId: string;
  readonly opening: Opening;
  /** As for {@link RunFollower.start}. */
  readonly from: Parameters<RunFollower['start']>[0];
}

/**
 * A reader's stream, from its preamble to the run's last event; a reader who waits is told his place in line. `begin` is
 * called once the stream is open, unless the reader has left by then.
 */
export async function streamRun(
  deps: TurnDeps,
  caller: Caller,
  { runId, threadId, opening, from }: ReadRun,
  { follower, sink }: Reader,
  response: SseResponse,
  begin: () => void,
): Promise<void> {
  const leave = () => leaveRun(deps, { runId, threadId }, follower, caller);
  deps.streams.add(response);
  deps.stops.streamOpened(threadId);
  response.onAborted(leave);
  response.open({ 'chatkit-run-id': runId }, { runId, threadId });
  sink.write(preamble(opening, caller.assistant.allowCancel), BEFORE_FIRST_EVENT);
  follower.start(from);
  const leaveLine = deps.line.add({
    runId,
    hasBegun: () => follower.fence > 0,
    show: (frames) => sink.write(frames, BEFORE_FIRST_EVENT),
  });
  if (response.isClosed) leave();
  else begin();
  await follower.done;
  leaveLine();
  deps.stops.streamEnded(threadId);
  deps.streams.remove(response);
  response.end();
}
