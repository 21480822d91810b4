import { Injectable } from '@nestjs/common';
import { snapshotFrames } from '#chatkit';
import { answerWithin, Database, EventEngine, Logger } from '#runtime';
import {
  type Cursor,
  finishFromStore,
  finishCompletionFromStore,
  type FollowDeps,
  type FrameSink,
  IntervalSilenceWatch,
  isCompletionOver,
  isRunSettled,
  JOIN_WITHIN_MS,
  RunCopies,
  RunFollower,
} from '#runtime/api';
import { ApiConfig } from '../config.js';

/** Makes the followers of this process: one for each reader of a run. */
@Injectable()
export class RunFollowers {
  private readonly turns: FollowDeps;
  private readonly completions: FollowDeps;

  constructor(
    db: Database,
    { log }: EventEngine,
    copies: RunCopies,
    { isSingleUser }: ApiConfig,
    private readonly logger: Logger,
  ) {
    const shared = {
      log,
      copies,
      silence: new IntervalSilenceWatch(),
      snapshot: (frames: Buffer) => Buffer.from(snapshotFrames(frames.toString('utf8'))),
      onError: (error: Error) => logger.warn({ err: error }, 'cannot follow a run'),
    };
    this.turns = {
      ...shared,
      isSettled: (runId) => isRunSettled(db, runId),
      finishFromStore: (runId, shown) => finishFromStore(db, runId, shown, isSingleUser),
    };
    this.completions = {
      ...shared,
      isSettled: (runId) => isCompletionOver(db, runId),
      finishFromStore: (runId) => finishCompletionFromStore(db, runId, isSingleUser),
    };
  }

  /** `after`: the cursor of a reader that reconnects. */
  ofTurn(runId: string, sink: FrameSink, after?: Cursor): RunFollower {
    return new RunFollower(this.turns, runId, sink, after);
  }

  ofCompletion(runId: string, sink: FrameSink): RunFollower {
    return new RunFollower(this.completions, runId, sink);
  }

  /**
   * Joins the readers of a run. An engine that is unavailable, or does not answer, does not delay the request: the run's events
   * are in Postgres and in the log as well, and a follower that gets no copies reads both every 3 s. Never rejects.
   */
  async join(follower: RunFollower, runId: string): Promise<void> {
    await answerWithin(JOIN_WITHIN_MS, 'The event engine', follower.join()).catch((error: Error) => {
      this.logger.warn({ err: error, runId }, 'cannot join the readers of a run');
    });
  }
}
