import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { EventEngine } from '../events/event-engine.js';
import { workerChannel } from '../events/run-bus.js';
import type { Dispatch } from '../jobs/run-queue.js';
import { Database, type RowOwner } from '../platform/database.js';
import { JoinedStatement } from '../platform/joined-statement.js';
import { readQuotas, withCounters } from '../quotas/quota-counters.js';
import { quotaRefusal } from '../quotas/quota-refusal.js';
import type { QuotaState } from '../quotas/quota-sql.js';
import { FULL_FOR_MS } from '../platform/tunables.js';
import { forgetLogs } from '../runs/forget-logs.js';
import { handOver } from '../runs/hand-over.js';
import { RunLimits } from '../runs/limits.js';
import { RunDispatcher } from '../runs/run-dispatcher.js';
import { encodeControl } from '../runs/worker-control.js';
import { deleteThread, type LeftOfThread } from '../threads/delete-thread.js';
import { admit, type AdmitDeps } from './admit.js';
import { admitCompletion, type CompletionRequest } from './admit-completion.js';
import { AdmittedRuns } from './admitted-runs.js';
import type { RunToStop } from './apply-double-texting.js';
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
  private readonly firstMessages: JoinedStatement;

  constructor(
    private readonly db: Database,
    private readonly engine: EventEngine,
    private readonly limits: RunLimits,
    private readonly dispatcher: RunDispatcher,
    private readonly admitted: AdmittedRuns,
  ) {
    this.firstMessages = new JoinedStatement(db);
  }

  /** Stores the items of the request and the queued run, and deletes the logs of what an edit has removed; the returned job, if any, is not added yet. */
  async admit(auth: AuthContext, turn: TurnRequest): Promise<Admitted> {
    const { db, limits, firstMessages } = this;
    const onOthers: AdmitDeps['onOthers'] = ({ toStop, ended }) => {
      this.sendStops(toStop);
      this.admitted.cancelled(ended);
    };
    const admitted = await this.unlessRefused(auth, () => admit({ db, limits, firstMessages, onOthers }, auth, turn));
    this.admitted.count(turn.trigger);
    if (admitted.logged) await this.forgetLogs(turn.threadId, { working: [], logged: admitted.logged });
    // The run or the limit that this run was to wait for may be free by now, and no other process checks again.
    return admitted.dispatch ? admitted : { ...admitted, dispatch: await this.releaseBeside(auth, turn.runId) };
  }

  /** Stores the queued run of a completion; the returned job, if any, is not added yet. */
  async admitCompletion(auth: AuthContext, request: CompletionRequest): Promise<Dispatch | undefined> {
    const admitted = await this.unlessRefused(auth, () =>
      admitCompletion(this.db.of(auth), this.limits, auth, request),
    );
    this.admitted.count('gateway.chat');
    return admitted ?? this.releaseBeside(auth, request.runId);
  }

  /** The run of an earlier request with this key. Throws `AppError` `idempotency.conflict`. */
  findReplay(auth: AuthContext, idempotency: Idempotency): Promise<IdempotentReplay | undefined> {
    return findReplay(this.db.of(auth), auth, idempotency);
  }

  /** Positions in the queue, from 1, of the runs that wait. */
  queuePositions(runIds: readonly string[]): Promise<Map<string, number>> {
    return queuePositions(this.db.system, runIds);
  }

  /** Adds the job of an admitted run. When the queue is unavailable, the sweeper adds it later. */
  dispatch(run: Dispatch): Promise<void> {
    return this.dispatcher.dispatch(run);
  }

  /** Takes a working run from its worker, and tells it so. Returns false when no worker has it. */
  async release(runId: string): Promise<boolean> {
    const workerId = await findWorker(this.db.system, runId);
    const next = await handOver(this.db.system, runId);
    if (!next) return false;
    if (workerId !== undefined) {
      const { fence } = next;
      await this.engine.bus
        .send(workerChannel(workerId), encodeControl({ type: 'release', runId, fence }))
        .catch((error: unknown) => this.dispatcher.deferred(`tell of the release of run ${runId}`, error, { runId }));
    }
    await this.dispatcher.dispatch(next);
    return true;
  }

  /** Notifies the worker of a run about a new reader, which it would otherwise notice only at its next beat. */
  async announceReader(runId: string): Promise<void> {
    try {
      const workerId = await findWorker(this.db.system, runId);
      if (workerId) await this.engine.bus.send(workerChannel(workerId), encodeControl({ type: 'reader', runId }));
    } catch (error) {
      this.dispatcher.deferred(`announce a reader of run ${runId}`, error, { runId });
    }
  }

  /** Requests the stop of a run, from any process; of a caller's own, unless it is stopped for no caller. */
  async requestStop(runId: string, owner?: RowOwner): Promise<StopResult> {
    const result = await requestStop(owner ? this.db.of(owner) : this.db.system, runId);
    if (result.met === 'queued') this.admitted.cancelled([result.trigger]);
    try {
      if (result.met === 'working') await this.sendStop({ runId, workerId: result.workerId });
      if (result.met === 'queued') await this.dispatcher.releaseNext(result.owner);
    } catch (error) {
      this.dispatcher.deferred(`pass on the stop of run ${runId}`, error, { runId });
    }
    return result;
  }

  /**
   * Deletes a thread of the caller, and the copies of its answers in the run log; a turn that works on it is stopped, and cannot
   * restore it [CC-5].
   */
  async deleteThread(auth: AuthContext, threadId: string): Promise<void> {
    const left = await deleteThread(this.db.of(auth), auth, threadId);
    this.sendStops(left.working);
    await this.forgetLogs(threadId, left);
    await this.dispatcher.releaseNext({ tenantId: auth.tenantId, ownerId: auth.userId }).catch((error: unknown) => {
      const { requestId, tenantId, userId } = auth;
      const ids = { requestId, threadId, tenantId, userId };
      this.dispatcher.deferred(`release what waited beside thread ${threadId}`, error, ids);
    });
  }

  /** The quotas of a caller, and of its tenant; none where none is configured. */
  async quotas(auth: AuthContext): Promise<readonly QuotaState[]> {
    const { quotas } = this.limits;
    return quotas ? readQuotas(this.db, quotas, auth) : [];
  }

  /**
   * For what is stored before an assistant is told of it: refuses it where the call would be refused, with `AppError`
   * `quota.exceeded`. Reserves nothing; one round trip, and none without quotas.
   */
  async assertWithinQuotas(auth: AuthContext): Promise<void> {
    const { quotas } = this.limits;
    if (!quotas) return;
    const { tokens, micros } = quotas.reserve;
    for (const state of await readQuotas(this.db, quotas, auth)) {
      const wanted = state.unit === 'tokens' ? tokens : micros;
      if (state.used + state.reserved + wanted > state.limit) throw quotaRefusal({ ...state, wanted });
    }
  }

  /** The first run of a caller finds no counters: they are made, and it is admitted again. */
  private unlessRefused<T>(auth: AuthContext, admission: () => Promise<T>): Promise<T> {
    return withCounters(this.db, this.limits.quotas, auth, () => this.unlessFull(admission));
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

  private forgetLogs(threadId: string, left: LeftOfThread): Promise<void> {
    return forgetLogs(this.engine.log, left, (error) =>
      this.dispatcher.deferred(`delete the logs of thread ${threadId}`, error, { threadId }),
    );
  }

  private releaseBeside(auth: AuthContext, runId: string): Promise<Dispatch | undefined> {
    return this.dispatcher.releaseBeside({ tenantId: auth.tenantId, ownerId: auth.userId }, runId);
  }

  private sendStops(runs: readonly RunToStop[]): void {
    for (const run of runs) {
      this.sendStop(run).catch((error: unknown) =>
        this.dispatcher.deferred(`pass on the stop of run ${run.runId}`, error, { runId: run.runId }),
      );
    }
  }

  private sendStop({ runId, workerId }: RunToStop): Promise<void> {
    return this.engine.bus.send(workerChannel(workerId), encodeControl({ type: 'stop', runId }));
  }
}
