import {
  type Cursor,
  type Database,
  encodeControl,
  type EventEngine,
  type FollowDeps,
  loadRun,
  type Logger,
  type AuthContext,
  type Run,
  RunFollower,
  SILENCE_MS,
  workerChannel,
} from '#runtime';
import type { OpenStreams } from '../chatkit/open-streams.js';
import type { SseResponse } from '../chatkit/sse-response.js';
import { MarkedFrames } from './marked-frames.js';

export interface RunStreamsDeps {
  readonly db: Database;
  readonly engine: EventEngine;
  readonly follow: FollowDeps;
  readonly streams: OpenStreams;
  readonly logger: Logger;
}

/** Streams of runs that somebody else has begun, or that a reader comes back to. Closing one stops nothing. */
export class RunStreams {
  constructor(private readonly deps: RunStreamsDeps) {}

  /** Writes the run's events behind the cursor; without one, a snapshot of what is there and then the tail. */
  async follow(auth: AuthContext, run: Run, after: Cursor | undefined, response: SseResponse): Promise<void> {
    const { follow, streams, logger } = this.deps;
    const follower = new RunFollower(follow, run.id, new MarkedFrames(response), after);
    await follower.join().catch((error: Error) => {
      // The log is read every 3 s instead.
      logger.warn({ err: error, runId: run.id }, 'cannot join the readers of a run');
    });
    streams.add(response);
    response.onAborted(() => follower.stop());
    response.open({ 'chatkit-run-id': run.id }, { runId: run.id, threadId: run.threadId });
    follower.start({ fromLog: true, isOver: isLongOver(run) });
    if (response.isClosed) follower.stop();
    else void this.askForCopies(auth, run.id);
    await follower.done;
    streams.remove(response);
    response.end();
  }

  /** Tells the run's worker that it has a new reader, of whom it would hear with its next beat only. */
  private async askForCopies(auth: AuthContext, runId: string): Promise<void> {
    const { db, engine, logger } = this.deps;
    try {
      // Read after joining: a worker that claims the run from now on finds us among its readers.
      const run = await loadRun(db, auth, runId);
      if (run?.state !== 'working' || !run.workerId) return;
      await engine.bus.send(workerChannel(run.workerId), encodeControl({ type: 'reader', runId }));
    } catch (error) {
      logger.warn({ err: error, runId }, 'cannot ask for copies of a run');
    }
  }
}

/** A worker writes the last entry right after it has settled the run. */
function isLongOver({ settledAt }: Run): boolean {
  return settledAt !== null && settledAt.getTime() < Date.now() - SILENCE_MS;
}
