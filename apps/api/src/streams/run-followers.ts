import { Injectable } from '@nestjs/common';
import { snapshotFrames } from '#chatkit';
import { answerWithin, Database, EventEngine, Logger, type OnError, type RowOwner, warnSparingly } from '#runtime';
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
import { callerIds } from '../errors/log-ids.js';

/** Whose run it is, and the request that reads it. */
type Reading = RowOwner & { readonly requestId?: string | undefined };

/** Makes the followers of this process: one for each reader of a run. */
@Injectable()
export class RunFollowers {
  private readonly shared: Omit<FollowDeps, 'isSettled' | 'finishFromStore' | 'onError'>;
  /** Each reader tries every few seconds: of many that fail alike, one is told. */
  private readonly onReadError: OnError;
  private readonly onJoinError: OnError;

  constructor(
    private readonly db: Database,
    { log }: EventEngine,
    copies: RunCopies,
    private readonly config: ApiConfig,
    private readonly logger: Logger,
  ) {
    this.onReadError = warnSparingly(logger, 'cannot follow a run');
    this.onJoinError = warnSparingly(logger, 'cannot join the readers of a run');
    this.shared = {
      log,
      copies,
      silence: new IntervalSilenceWatch(),
      snapshot: (frames: Buffer) => Buffer.from(snapshotFrames(frames.toString('utf8'))),
    };
  }

  /** `after`: the cursor of a reader that reconnects. */
  ofTurn(owner: Reading, runId: string, sink: FrameSink, after?: Cursor): RunFollower {
    const rows = this.db.of(owner);
    const deps: FollowDeps = {
      ...this.shared,
      isSettled: (id) => isRunSettled(rows, id),
      finishFromStore: (id, shown) => finishFromStore(rows, id, shown, this.config.isSingleUser),
      onError: this.onErrorOf(owner, runId),
    };
    return new RunFollower(deps, runId, sink, after);
  }

  ofCompletion(owner: Reading, runId: string, sink: FrameSink): RunFollower {
    const rows = this.db.of(owner);
    const deps: FollowDeps = {
      ...this.shared,
      isSettled: (id) => isCompletionOver(rows, id),
      finishFromStore: (id) => finishCompletionFromStore(rows, id, this.config.isSingleUser),
      onError: this.onErrorOf(owner, runId),
    };
    return new RunFollower(deps, runId, sink);
  }

  /**
   * Joins the readers of a run. An engine that is unavailable, or does not answer, does not delay the request: the run's events
   * are in Postgres and in the log as well, and a follower that gets no copies reads both every 3 s. Never rejects.
   */
  async join(owner: Reading, follower: RunFollower, runId: string): Promise<void> {
    await answerWithin(JOIN_WITHIN_MS, 'The event engine', follower.join()).catch((error: Error) => {
      this.onJoinError(error, { ...callerIds(owner), runId });
    });
  }

  /** Deletes the log of a completion whose caller has all of it: no one else may read it. Never rejects. */
  async forgetCompletion(owner: Reading, runId: string): Promise<void> {
    await this.shared.log.delete([runId]).catch((error: Error) => {
      this.logger.warn({ ...callerIds(owner), runId, err: error }, 'the log of a completion stays until it expires');
    });
  }

  private onErrorOf(owner: Reading, runId: string): (error: Error) => void {
    return (error) => this.onReadError(error, { ...callerIds(owner), runId });
  }
}
