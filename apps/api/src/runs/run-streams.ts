import {
  type Cursor,
  type FollowDeps,
  type Logger,
  type Run,
  RunFollower,
  type RunAdmission,
  SILENCE_MS,
} from '#runtime';
import type { OpenStreams } from '../streams/open-streams.js';
import type { SseResponse } from '../streams/sse-response.js';
import { joinReaders } from '../streams/join-readers.js';
import { MarkedFrames } from '../streams/marked-frames.js';

export interface RunStreamsDeps {
  readonly lifecycle: Pick<RunAdmission, 'announceReader'>;
  readonly follow: FollowDeps;
  readonly streams: OpenStreams;
  readonly logger: Logger;
}

/** Streams of runs that somebody else has begun, or that a reader comes back to. Closing one stops nothing. */
export class RunStreams {
  constructor(private readonly deps: RunStreamsDeps) {}

  /** Writes the run's events behind the cursor; without one, a snapshot of what is there and then the tail. */
  async follow(run: Run, after: Cursor | undefined, response: SseResponse): Promise<void> {
    const { lifecycle, follow, streams, logger } = this.deps;
    const follower = new RunFollower(follow, run.id, new MarkedFrames(response), after);
    await joinReaders(follower, run.id, logger);
    streams.add(response);
    response.onAborted(() => follower.stop());
    response.open({ 'chatkit-run-id': run.id }, { runId: run.id, threadId: run.threadId });
    follower.start({ fromLog: true, isOver: isLongOver(run) });
    if (response.isClosed) follower.stop();
    // After joining: a worker that claims the run from now on finds us among its readers.
    else void lifecycle.announceReader(run.id);
    await follower.done;
    streams.remove(response);
    response.end();
  }
}

/** A worker writes the last entry right after it has settled the run. */
function isLongOver({ settledAt }: Run): boolean {
  return settledAt !== null && settledAt.getTime() < Date.now() - SILENCE_MS;
}
