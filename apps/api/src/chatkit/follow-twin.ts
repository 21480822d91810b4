import { answerWithin, type FrameSink, JOIN_WITHIN_MS, RunFollower, type Twin } from '#runtime';
import { BEFORE_FIRST_EVENT, MarkedFrames } from '../runs/marked-frames.js';
import type { Caller } from './caller.js';
import { leaveRun } from './leave-run.js';
import { openingOfTwin, preamble } from './preamble.js';
import type { SseResponse } from './sse-response.js';
import type { StartTurnDeps } from './start-turn.js';

/**
 * A request that has been made before, by its key: the stream of the run that is there, from its beginning. It goes on
 * with the run, from the log; a run that is over is told from the log, or from Postgres when that is gone.
 */
export async function followTwin(
  deps: StartTurnDeps,
  caller: Caller,
  twin: Twin,
  response: SseResponse,
): Promise<void> {
  const { runId, threadId } = twin;
  const opening = await openingOfTwin(deps.store, caller.auth, twin);
  const sink: FrameSink = caller.isShim ? new MarkedFrames(response) : response;
  // The shim counts events: it gets all of them. Everybody else gets a snapshot of what is there.
  const follower = new RunFollower(deps.follow, runId, sink, caller.isShim ? { fence: 0, seq: 0 } : undefined);
  await answerWithin(JOIN_WITHIN_MS, 'The event engine', follower.join()).catch((error: Error) => {
    deps.logger.warn({ err: error, runId }, 'cannot join the readers of a run');
  });
  deps.streams.add(response);
  deps.stops.streamOpened(threadId);
  response.onAborted(() => leaveRun(deps, twin, follower, caller));
  response.open({ 'chatkit-run-id': runId }, { runId, threadId });
  sink.write(preamble(opening, caller.assistant.allowCancel), BEFORE_FIRST_EVENT);
  follower.start({ fromLog: true, isOver: twin.isOver });
  const leaveLine = deps.line.add({
    runId,
    hasBegun: () => follower.fence > 0,
    show: (frames) => sink.write(frames, BEFORE_FIRST_EVENT),
  });
  if (response.isClosed) leaveRun(deps, twin, follower, caller);
  else void deps.lifecycle.announceReader(runId);
  await follower.done;
  leaveLine();
  deps.stops.streamEnded(threadId);
  deps.streams.remove(response);
  response.end();
}
