import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { EventEngine } from '../events/event-engine.js';
import { workerChannel } from '../events/run-bus.js';
import type { Dispatch } from '../jobs/run-queue.js';
import { Database } from '../platform/database.js';
import { openCounters, readQuotas } from '../quotas/quota-counters.js';
import { QuotaUnknown } from '../quotas/quota-refusal.js';
import type { QuotaState } from '../quotas/quota-sql.js';
import { FULL_FOR_MS } from '../platform/tunables.js';
import { RunLimits } from '../runs/limits.js';
import { RunDispatcher } from '../runs/run-dispatcher.js';
import { encodeControl } from '../runs/worker-control.js';
import { admit } from './admit.js';
import { admitCompletion, type CompletionRequest } from './admit-completion.js';
import type { RunToStop } from './apply-double-texting.js';
import { deleteThread } from './delete-thread.js';
import { findWorker } from './find-worker.js';
import { findReplay, type IdempotentReplay } from './idempotency.js';
import { queuePositions } from './queue-positions.js';
import { requestStop, type StopResult } from './stop.js';
import type { Admitted, Idempotency, TurnRequest } from './turn-request.js';
import { refusal } from './verdict.js';

/**
 * What the API does to runs: admits them, requests stops, deletes them with their threads. Each step is one
 * compare-and-set statement or one transaction in Postgres; the queue only carries notifications.
 */
@Injectable()
export class RunAdmission {
  /** The whole server was full when last counted; new runs are refused until this time (of `performance.now()`). */
  private fullUntil = 0;

  constructor(
    private readonly db: Database,
    private readonly engine: EventEngine,
    private readonly limits: RunLimits,
    private readonly dispatcher: RunDispatcher,
  ) {}

  /** Stores the items of the request and the queued run; the returned job, if any, is not added yet. */
  async admit(auth: AuthContext, turn: TurnRequest): Promise<Admitted> {
    const { db, limits } = this;
    const admitted = await this.unlessRefused(auth, () =>
      admit({ db, limits, sendStops: (runs) => this.sendStops(runs) }, auth, turn),
    );
    // The run or the limit that this run was to wait for may be free by now, and no other process checks again.
    return admitted.dispatch ? admitted : { ...admitted, dispatch: await this.releaseBeside(auth, turn.runId) };
  }

  /** Stores the queued run of a completion; the returned job, if any, is not added yet. */
  async admitCompletion(auth: AuthContext, request: CompletionRequest): Promise<Dispatch | undefined> {
    const admitted = await this.unlessRefused(auth, () => admitCompletion(this.db.pool, this.limits, auth, request));
    return admitted ?? this.releaseBeside(auth, request.runId);
  }

  /** The run of an earlier request with this key. Throws `AppError` `idempotency.conflict`. */
  findReplay(auth: AuthContext, idempotency: Idempotency): Promise<IdempotentReplay | undefined> {
    return findReplay(this.db.pool, auth, idempotency);
  }

  /** Positions in the queue, from 1, of the runs that wait. */
  queuePositions(runIds: readonly string[]): Promise<Map<string, number>> {
    return queuePositions(this.db.pool, runIds);
  }

  /** Adds the job of an admitted run. When the queue is unavailable, the sweeper adds it later. */
  dispatch(run: Dispatch): Promise<void> {
    return this.dispatcher.dispatch(run);
  }

  /** Notifies the worker of a run about a new reader, which it would otherwise notice only at its next beat. */
  async announceReader(runId: string): Promise<void> {
    try {
      const workerId = await findWorker(this.db.pool, runId);
      if (workerId) await this.engine.bus.send(workerChannel(workerId), encodeControl({ type: 'reader', runId }));
    } catch (error) {
      this.dispatcher.deferred(`announce a reader of run ${runId}`, error);
    }
  }

  /** Requests the stop of a run, from any process. */
  async requestStop(runId: string): Promise<StopResult> {
    const result = await requestStop(this.db.pool, runId);
    try {
      if (result.met === 'working') await this.sendStop({ runId, workerId: result.workerId });
      if (result.met === 'queued') await this.dispatcher.releaseNext(result.owner);
    } catch (error) {
      this.dispatcher.deferred(`pass on the stop of run ${runId}`, error);
    }
    return result;
  }

  /** Deletes a thread of the caller; a turn that works on it is stopped, and cannot restore it [CC-5]. */
  async deleteThread(auth: AuthContext, threadId: string): Promise<void> {
    this.sendStops(await deleteThread(this.db.pool, auth, threadId));
    await this.dispatcher
      .releaseNext({ tenantId: auth.tenantId, ownerId: auth.userId })
      .catch((error: unknown) => this.dispatcher.deferred(`release what waited beside thread ${threadId}`, error));
  }

  /** The quotas of a caller, and of its tenant; none where none is configured. */
  async quotas(auth: AuthContext): Promise<readonly QuotaState[]> {
    const { quotas } = this.limits;
    return quotas ? readQuotas(this.db, quotas, auth) : [];
  }

  /** The first run of a caller finds no counters: they are made, and it is admitted again. */
  private async unlessRefused<T>(auth: AuthContext, admission: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.unlessFull(admission);
      } catch (error) {
        if (!(error instanceof QuotaUnknown) || !this.limits.quotas) throw error;
        await openCounters(this.db, this.limits.quotas, auth);
      }
    }
  }

  /** For a moment after the whole server was full, admission is refused without another count. */
  private async unlessFull<T>(admission: () => Promise<T>): Promise<T> {
    if (performance.now() < this.fullUntil) throw refusal('global');
    try {
      return await admission();
    } catch (error) {
      if (error instanceof AppError && error.code === 'limit.server') this.fullUntil = performance.now() + FULL_FOR_MS;
      throw error;
    }
  }

  private releaseBeside(auth: AuthContext, runId: string): Promise<Dispatch | undefined> {
    return this.dispatcher.releaseBeside({ tenantId: auth.tenantId, ownerId: auth.userId }, runId);
  }

  private sendStops(runs: readonly RunToStop[]): void {
    for (const run of runs) {
      this.sendStop(run).catch((error: unknown) =>
        this.dispatcher.deferred(`pass on the stop of run ${run.runId}`, error),
      );
    }
  }

  private sendStop({ runId, workerId }: RunToStop): Promise<void> {
    return this.engine.bus.send(workerChannel(workerId), encodeControl({ type: 'stop', runId }));
  }
}
