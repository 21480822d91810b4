import type { ThreadItem } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { type RunBus, workerChannel } from '../events/run-bus.js';
import type { RunQueue } from '../jobs/run-queue.js';
import type { Database } from '../platform/database.js';
import { AppError } from '../errors/app-error.js';
import { Batcher } from '../platform/batcher.js';
import { admit } from '../admission/admit.js';
import { admitGateway, type GatewayCall } from '../admission/admit-gateway.js';
import { beginTool } from '../execution/begin-tool.js';
import { type ClaimJob, claiming, type Renewed, renewLeases } from '../execution/claim.js';
import { deleteThread } from '../admission/delete-thread.js';
import type { ToldRun } from '../admission/double-texting.js';
import { handOver } from '../execution/hand-over.js';
import { findTwin, findWorker, type Twin } from '../admission/idempotency.js';
import { refusal, type RunLimits } from './limits.js';
import { queuePositions } from '../reading/queue-positions.js';
import { lookingForWaiting, type Owner, releaseNext } from './release.js';
import type { Claim, Outcome } from './run.js';
import { removeRunItems, storeRunItem } from '../execution/run-items.js';
import { isSettledAs, settling } from './settle.js';
import type { RunEnding } from './settle-statement.js';
import { requestStop, type StopResult } from '../admission/stop.js';
import { dispatchAgain, sweep, type Swept } from '../execution/sweep.js';
import { FULL_FOR_MS } from '../platform/tunables.js';
import type { Admitted, Dispatch, Idempotency, TurnRequest } from '../admission/turn-request.js';
import { encodeControl } from './worker-control.js';

export interface LifecycleDeps {
  readonly db: Database;
  readonly queue: RunQueue;
  readonly bus: RunBus;
  readonly limits: RunLimits;
  /** Told of what was not done and will be found by the sweeper. */
  readonly onDeferred: (what: string, error: Error) => void;
}

/**
 * The life of a run, from its admission to its end. Everything that writes a run's state is behind this class; each
 * step is one compare-and-set statement or one transaction in Postgres, and the queue only carries the news.
 */
export class RunLifecycle {
  /** Until then the whole server was full when it was last counted; of `performance.now()`. */
  private fullUntil = 0;

  private readonly claims: Batcher<ClaimJob, Claim | undefined>;
  private readonly endings: Batcher<RunEnding, boolean>;
  private readonly waiting: Batcher<Owner, boolean>;

  constructor(private readonly deps: LifecycleDeps) {
    const { pool } = deps.db;
    this.claims = new Batcher(claiming(pool));
    this.endings = new Batcher(settling(pool));
    this.waiting = new Batcher(lookingForWaiting(pool, deps.limits));
  }

  /** Stores what the request brings and the queued run; the returned job, if any, is not added yet. */
  async admit(auth: AuthContext, turn: TurnRequest): Promise<Admitted> {
    const { db, limits } = this.deps;
    const admitted = await this.unlessFull(() => admit({ db, limits, tell: (runs) => this.tell(runs) }, auth, turn));
    // Whatever this run was to wait for may have ended while it was being stored, and nobody else looks again.
    return admitted.dispatch ? admitted : { ...admitted, dispatch: await this.releaseBeside(auth, turn.runId) };
  }

  /** The run of an earlier request with this key. Throws `AppError` `idempotency.conflict`. */
  findTwin(auth: AuthContext, idempotency: Idempotency): Promise<Twin | undefined> {
    return findTwin(this.deps.db.pool, auth, idempotency);
  }

  /** Tells the worker of a run that it has a new reader, of whom it would hear with its next beat only. */
  async announceReader(runId: string): Promise<void> {
    try {
      const workerId = await findWorker(this.deps.db.pool, runId);
      if (workerId) await this.deps.bus.send(workerChannel(workerId), encodeControl({ type: 'reader', runId }));
    } catch (error) {
      this.deps.onDeferred(`announce a reader of run ${runId}`, error as Error);
    }
  }

  /** Places in line, from 1, of those that wait. */
  queuePositions(runIds: readonly string[]): Promise<Map<string, number>> {
    return queuePositions(this.deps.db.pool, runIds);
  }

  /** Stores the queued run of a gateway call; the returned job, if any, is not added yet. */
  async admitGateway(auth: AuthContext, call: GatewayCall): Promise<Dispatch | undefined> {
    const admitted = await this.unlessFull(() => admitGateway(this.deps.db.pool, this.deps.limits, auth, call));
    return admitted ?? this.releaseBeside(auth, call.runId);
  }

  /** Adds the job. When the queue is out of reach the run stays queued, and the sweeper adds it later. */
  async dispatch(run: Dispatch): Promise<void> {
    try {
      await this.deps.queue.add(run);
    } catch (error) {
      this.deps.onDeferred(`add the job of run ${run.runId}`, error as Error);
    }
  }

  /** Undefined: there is nothing to do for whoever holds this job. `historyItems`: so many may come with the claim. */
  claim(
    { runId, fence }: { readonly runId: string; readonly fence: number },
    workerId: string,
    historyItems = 0,
  ): Promise<Claim | undefined> {
    return this.claims.do({ runId, fence, workerId, historyItems });
  }

  renewLeases(held: readonly Pick<Claim, 'runId' | 'fence'>[]): Promise<Renewed[]> {
    return renewLeases(this.deps.db.pool, held);
  }

  /** False: the run is lost. */
  storeItem(held: Claim, item: ThreadItem): Promise<boolean> {
    return storeRunItem(this.deps.db.pool, held, item);
  }

  /** Deletes items of the run's thread. False: the run is lost. */
  removeItems(held: Claim, ids: readonly string[]): Promise<boolean> {
    return removeRunItems(this.deps.db.pool, held, ids);
  }

  /** Before a tool that may not be run twice: no later attempt starts the turn again. False: the run is lost. */
  beginTool(held: Claim): Promise<boolean> {
    return beginTool(this.deps.db.pool, held);
  }

  /** Ends a run; its last items are stored at the same commit. False: the run is lost. */
  settle(held: Claim, outcome: Outcome, lastItems: readonly ThreadItem[]): Promise<boolean> {
    return this.endings.do({ run: { ...held, state: 'working' }, outcome, lastItems });
  }

  /** After a settle that failed or was refused: whether an earlier try did arrive. */
  wasSettledAs(held: Claim, state: Outcome['state']): Promise<boolean> {
    return isSettledAs(this.deps.db.pool, held, state);
  }

  /** Lets start what there is room for, after a run of this owner has ended. */
  async releaseNext(owner: Owner): Promise<void> {
    if (await this.waiting.do(owner)) await this.release(owner, (run) => this.dispatch(run));
  }

  /** Admission is not even tried for a moment after the whole server was full. */
  private async unlessFull<T>(admission: () => Promise<T>): Promise<T> {
    if (performance.now() < this.fullUntil) throw refusal('global');
    try {
      return await admission();
    } catch (error) {
      if (error instanceof AppError && error.code === 'limit.server') this.fullUntil = performance.now() + FULL_FOR_MS;
      throw error;
    }
  }

  /** As `releaseNext`, and returns the job of one run instead of adding it. */
  private async releaseBeside(auth: AuthContext, runId: string): Promise<Dispatch | undefined> {
    let own: Dispatch | undefined;
    try {
      await this.release({ tenantId: auth.tenantId, ownerId: auth.userId }, async (run) => {
        if (run.runId === runId) own = run;
        else await this.dispatch(run);
      });
    } catch (error) {
      this.deps.onDeferred(`release what waits beside run ${runId}`, error as Error);
    }
    return own;
  }

  private async release(owner: Owner, start: (run: Dispatch) => Promise<void>): Promise<void> {
    const { db, limits } = this.deps;
    for (let next = await releaseNext(db.pool, owner, limits); next; next = await releaseNext(db.pool, owner, limits)) {
      await start(next);
    }
  }

  private tell(runs: readonly ToldRun[]): void {
    for (const { runId, workerId } of runs) {
      this.deps.bus
        .send(workerChannel(workerId), encodeControl({ type: 'stop', runId }))
        .catch((error: Error) => this.deps.onDeferred(`pass on the stop of run ${runId}`, error));
    }
  }

  /** Gives a run back on purpose (a deploy): not counted as an attempt. */
  async handOver(held: Claim): Promise<void> {
    const next = await handOver(this.deps.db.pool, held);
    if (next) await this.dispatch(next);
  }

  /** Asks for the end of a run, from any process. */
  async requestStop(runId: string): Promise<StopResult> {
    const result = await requestStop(this.deps.db.pool, runId);
    try {
      if (result.met === 'working') {
        await this.deps.bus.send(workerChannel(result.told), encodeControl({ type: 'stop', runId }));
      }
      if (result.met === 'queued') await this.releaseNext(result.owner);
    } catch (error) {
      this.deps.onDeferred(`pass on the stop of run ${runId}`, error as Error);
    }
    return result;
  }

  /** Deletes a thread of the caller's; a turn that works on it is stopped, and cannot bring it back (CC-5). */
  async deleteThread(auth: AuthContext, threadId: string): Promise<void> {
    this.tell(await deleteThread(this.deps.db.pool, auth, threadId));
    await this.releaseNext({ tenantId: auth.tenantId, ownerId: auth.userId }).catch((error: Error) =>
      this.deps.onDeferred(`release what waited beside thread ${threadId}`, error),
    );
  }

  /** Rejects while Postgres is out of reach. */
  ping(): Promise<void> {
    return this.deps.db.ping();
  }

  /** One round of recovery; undefined when another worker is at it. */
  async sweep(): Promise<Swept | undefined> {
    const swept = await sweep(this.deps.db, this.deps.limits);
    if (!swept) return undefined;
    for (const run of swept.dispatches) await this.dispatch(run);
    await this.findLostJobs(swept.unclaimed);
    return swept;
  }

  private async findLostJobs(unclaimed: readonly Dispatch[]): Promise<void> {
    for (const run of unclaimed) {
      try {
        if (await this.deps.queue.isWaiting(run)) continue;
      } catch (error) {
        // The queue is away, Postgres is not: the next round asks again.
        this.deps.onDeferred(`look for the job of run ${run.runId}`, error as Error);
        return;
      }
      const again = await dispatchAgain(this.deps.db.pool, run);
      if (again) await this.dispatch(again);
    }
  }
}
