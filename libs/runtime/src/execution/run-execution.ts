import { Injectable } from '@nestjs/common';
import type { ThreadItem } from '#chatkit';
import type { RunErrorCode } from '../errors/run-error.js';
import type { Dispatch } from '../jobs/run-queue.js';
import { Batcher } from '../platform/batcher.js';
import { Database, type RowAccess } from '../platform/database.js';
import { forgetUnusedCounters } from '../quotas/quota-counters.js';
import { RunLimits } from '../runs/limits.js';
import { handOver } from '../runs/hand-over.js';
import type { Owner } from '../runs/release.js';
import type { Claim, Outcome } from '../runs/run.js';
import { RunDispatcher } from '../runs/run-dispatcher.js';
import { isSettledAs, settleBatch } from '../runs/settle.js';
import type { RunEnding, StoredTimes } from '../runs/settle-statement.js';
import { beginTool } from './begin-tool.js';
import { type ClaimJob, claiming, type HeldLease, type Renewed, renewLeases } from './claim.js';
import { failedWithout } from './failed-without.js';
import { type ItemTime, removeRunItems, storeRunItem } from './run-items.js';
import { dispatchAgain, sweep, type Swept } from './sweep.js';

/**
 * What a worker does to runs, from the claim to the end, and the recovery of runs whose worker is gone. Each step is
 * one compare-and-set statement or one transaction in Postgres; once a run is lost, its former worker can write nothing to it.
 */
@Injectable()
export class RunExecution {
  private readonly claims: Batcher<ClaimJob, Claim | undefined>;
  private readonly endings: Batcher<RunEnding, StoredTimes | undefined>;

  constructor(
    private readonly db: Database,
    private readonly limits: RunLimits,
    private readonly dispatcher: RunDispatcher,
  ) {
    this.claims = new Batcher(claiming(db));
    this.endings = new Batcher(settleBatch(db.system));
  }

  /** Returns undefined when the job needs no work. `historyItems`: how many items the claim may return. */
  claim(
    { runId, fence }: { readonly runId: string; readonly fence: number },
    workerId: string,
    historyItems = 0,
  ): Promise<Claim | undefined> {
    return this.claims.do({ runId, fence, workerId, historyItems });
  }

  /** Why the run of a job that found nothing to claim has failed, if it has, and no later job is responsible for it. */
  failedWithout(job: { readonly runId: string; readonly fence: number }): Promise<RunErrorCode | undefined> {
    return failedWithout(this.db.system, job);
  }

  renewLeases(held: readonly HeldLease[]): Promise<Renewed[]> {
    return renewLeases(this.db.system, held);
  }

  /** Returns the item as it is stored, or undefined when the run is lost. */
  storeItem<Item extends ThreadItem>(
    held: Claim,
    item: Item,
    time: ItemTime = { isChosen: false },
  ): Promise<Item | undefined> {
    return storeRunItem(this.rowsOf(held), held, item, time);
  }

  /** Deletes items of the run's thread. Returns false when the run is lost. */
  removeItems(held: Claim, ids: readonly string[]): Promise<boolean> {
    return removeRunItems(this.rowsOf(held), held, ids);
  }

  /** Called before a tool that must not run twice: no later attempt starts the turn again. Returns false when the run is lost. */
  beginTool(held: Claim): Promise<boolean> {
    return beginTool(this.rowsOf(held), held);
  }

  /**
   * Ends a run; its last items are stored at the same commit. `chosenTimes`: ids of those whose time the assistant's code has
   * chosen. Returns the times of these items as they are stored, or undefined when the run is lost.
   */
  settle(
    held: Claim,
    outcome: Outcome,
    lastItems: readonly ThreadItem[],
    chosenTimes: ReadonlySet<string> = new Set(),
  ): Promise<StoredTimes | undefined> {
    return this.endings.do({ run: { ...held, state: 'working' }, outcome, lastItems, chosenTimes });
  }

  /** After a settle that failed or was refused: whether an earlier try was committed. */
  wasSettledAs(held: Claim, state: Outcome['state']): Promise<boolean> {
    return isSettledAs(this.rowsOf(held), held, state);
  }

  /** Starts the runs for which there is room after a run of this owner has ended. */
  releaseNext(owner: Owner): Promise<void> {
    return this.dispatcher.releaseNext(owner);
  }

  /** Returns a run to the queue on purpose (a deploy): not counted as an attempt. */
  async handOver(held: Claim): Promise<void> {
    const next = await handOver(this.rowsOf(held), held.runId, held.fence);
    if (next) await this.dispatcher.dispatch(next);
  }

  /** Quotas that are not configured any more are not counted: whoever configures them again counts anew. */
  forgetUnusedQuotas(): Promise<void> {
    return forgetUnusedCounters(this.db.system, this.limits.quotas);
  }

  /** Rejects while Postgres is unavailable. */
  ping(): Promise<void> {
    return this.db.ping();
  }

  /** One round of recovery; returns undefined when another worker is running one. */
  async sweep(): Promise<Swept | undefined> {
    const swept = await sweep(this.db, this.limits);
    if (!swept) return undefined;
    await Promise.all(swept.dispatches.map((run) => this.dispatcher.dispatch(run)));
    await this.findLostJobs(swept.unclaimed);
    return swept;
  }

  /** What is done to one run that is held; batches are over the runs of several callers. */
  private rowsOf({ tenantId, ownerId }: Claim): RowAccess {
    return this.db.of({ tenantId, userId: ownerId });
  }

  private async findLostJobs(unclaimed: readonly Dispatch[]): Promise<void> {
    for (const run of unclaimed) {
      try {
        if (await this.dispatcher.isWaiting(run)) continue;
      } catch (error) {
        // The queue is unavailable, Postgres is not: the next round tries again.
        this.dispatcher.deferred(`look for the job of run ${run.runId}`, error, { runId: run.runId });
        return;
      }
      const again = await dispatchAgain(this.db.system, run);
      if (again) await this.dispatcher.dispatch(again);
    }
  }
}
