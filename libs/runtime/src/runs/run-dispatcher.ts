import { Injectable } from '@nestjs/common';
import { type Dispatch, RunQueue } from '../jobs/run-queue.js';
import { Batcher } from '../platform/batcher.js';
import { Database } from '../platform/database.js';
import { Logger } from '../platform/logger.js';
import { RunLimits } from './limits.js';
import { lookingForWaiting, type Owner, releaseNext } from './release.js';

/** Gives runs their jobs: at once, or when there is room for the runs that wait in Postgres. */
@Injectable()
export class RunDispatcher {
  private readonly waiting: Batcher<Owner, boolean>;

  constructor(
    private readonly db: Database,
    private readonly queue: RunQueue,
    private readonly limits: RunLimits,
    private readonly logger: Logger,
  ) {
    this.waiting = new Batcher(lookingForWaiting(db.system, limits));
  }

  /** Adds the job. When the queue is unavailable the run stays queued, and the sweeper adds it later. */
  async dispatch(run: Dispatch): Promise<void> {
    try {
      await this.queue.add(run);
    } catch (error) {
      this.deferred(`add the job of run ${run.runId}`, error, { runId: run.runId });
    }
  }

  /** Starts the runs for which there is room after a run of this owner has ended. */
  async releaseNext(owner: Owner): Promise<void> {
    if (await this.waiting.do(owner)) await this.release(owner, (run) => this.dispatch(run));
  }

  /** Like `releaseNext`, for a run that has just been stored: its own job is returned instead of being added. */
  async releaseBeside(owner: Owner, runId: string): Promise<Dispatch | undefined> {
    let own: Dispatch | undefined;
    try {
      await this.release(owner, async (run) => {
        if (run.runId === runId) own = run;
        else await this.dispatch(run);
      });
    } catch (error) {
      this.deferred(`release what waits beside run ${runId}`, error, { ...idsOf(owner), runId });
    }
    return own;
  }

  /** Whether the queue still holds the job. */
  isWaiting(run: Dispatch): Promise<boolean> {
    return this.queue.isWaiting(run);
  }

  /** Logs what was not done, with the ids of what it was about; the sweeper will find it. */
  deferred(what: string, error: unknown, ids: Readonly<Record<string, string>>): void {
    this.logger.warn({ ...ids, err: error }, `could not ${what}`);
  }

  private async release(owner: Owner, start: (run: Dispatch) => Promise<void>): Promise<void> {
    const { db, limits } = this;
    for (
      let next = await releaseNext(db.system, owner, limits);
      next;
      next = await releaseNext(db.system, owner, limits)
    ) {
      await start(next);
    }
  }
}

const idsOf = ({ tenantId, ownerId }: Owner) => ({ tenantId, userId: ownerId });
