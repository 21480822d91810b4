import { Injectable } from '@nestjs/common';
import {
  Database,
  DeletedFiles,
  EndedJobs,
  errorSparingly,
  EventEngine,
  Logger,
  type OnError,
  warnSparingly,
} from '#runtime';
import { finishErasures, LEASE_MS, Retention, RunExecution, SWEEP_MS, sweepUploads } from '#runtime/worker';
import { RunMetrics } from '../metrics/run-metrics.js';

/** What was orphaned and has been handled: runs first, then what is deleted. */
const NOTHING = {
  recovered: 0,
  failed: 0,
  cancelled: 0,
  timedOut: 0,
  logs: 0,
  uploads: 0,
  files: 0,
  calls: 0,
  keys: 0,
};
export type SweepCounts = typeof NOTHING;

/** A step of the retention periods' walks: a million threads are looked at in three hours. */
const BY_AGE_MS = 10_000;
/** How often one worker asks the object store for what arrived there too late. */
const LATE_FILES_MS = 300_000;
/** How often one worker looks for ended jobs that are a day old. */
const OLD_JOBS_MS = 600_000;

/**
 * A round of recovery every 2 s, in whichever worker gets the lock. After an outage of Postgres it waits one lease:
 * the other workers must have had the chance to renew theirs.
 */
@Injectable()
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private isDeleting = false;
  private notBefore = 0;
  private nextByAge = 0;
  private nextLateFiles = 0;
  private nextJobs = 0;
  private wasUnavailable = false;
  private readonly onError: OnError;
  private readonly onDeletionError: OnError;
  /** When this process last completed a round; undefined while others do all of them. */
  lastSweepAt: Date | undefined;
  /** Since this process began. */
  readonly totals: SweepCounts = { ...NOTHING };

  constructor(
    private readonly execution: RunExecution,
    private readonly engine: EventEngine,
    private readonly db: Database,
    private readonly deletedFiles: DeletedFiles,
    private readonly retention: Retention,
    private readonly metrics: RunMetrics,
    private readonly jobs: EndedJobs,
    private readonly logger: Logger,
  ) {
    this.onError = errorSparingly(logger, 'cannot sweep');
    this.onDeletionError = warnSparingly(
      logger,
      'cannot delete by the retention periods, or what arrived too late, yet',
    );
  }

  start(): void {
    this.timer = setInterval(() => void this.tick(), SWEEP_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async tick(): Promise<void> {
    if (this.isRunning || performance.now() < this.notBefore) return;
    this.isRunning = true;
    try {
      await this.round();
    } catch (error) {
      this.wasUnavailable = true;
      this.onError(error as Error);
    } finally {
      this.isRunning = false;
    }
  }

  private async round(): Promise<void> {
    if (this.wasUnavailable) {
      await this.execution.ping();
      this.wasUnavailable = false;
      this.notBefore = performance.now() + LEASE_MS;
      return;
    }
    const swept = await this.execution.sweep();
    if (!swept) return;
    this.lastSweepAt = new Date();
    this.metrics.swept(swept.ended);
    const { dispatches, failed, cancelled, timedOut, calls, keys } = swept;
    if (dispatches.length + failed + cancelled + timedOut > 0) {
      const recovered = dispatches.map((run) => run.runId);
      this.logger.warn({ recovered, failed, cancelled, timedOut }, 'recovered runs');
    }
    this.count({ recovered: dispatches.length, failed, cancelled, timedOut, calls, keys });
    const [logs, uploads] = [await this.engine.removeExpired(), await sweepUploads(this.db)];
    await finishErasures(this.db, this.engine);
    this.count({ logs, uploads });
    if (uploads + calls + keys > 0) this.logger.info({ logs, uploads, calls, keys }, 'removed what has expired');
    void this.deleteBeside();
  }

  /** Rounds do not wait for this: a store of files that is away, or a long deletion, must not hold up the recovery of runs. */
  private async deleteBeside(): Promise<void> {
    if (this.isDeleting) return;
    this.isDeleting = true;
    try {
      const files = await this.deletedFiles.remove();
      this.count({ files });
      if (files > 0) this.logger.info({ files }, 'removed the files of what was deleted');
      await this.deleteOldJobs();
      await this.deleteLateFiles();
      await this.deleteByAge();
    } catch (error) {
      this.onDeletionError(error as Error);
    } finally {
      this.isDeleting = false;
    }
  }

  private async deleteOldJobs(): Promise<void> {
    if (performance.now() < this.nextJobs) return;
    this.nextJobs = performance.now() + OLD_JOBS_MS;
    const jobs = await this.jobs.removeOld();
    if (jobs > 0) this.logger.info({ jobs }, 'removed ended jobs that are a day old');
  }

  private async deleteLateFiles(): Promise<void> {
    if (performance.now() < this.nextLateFiles) return;
    this.nextLateFiles = performance.now() + LATE_FILES_MS;
    const files = await this.deletedFiles.removeLate();
    this.count({ files });
    if (files > 0) this.logger.info({ files }, 'removed files that were sent after their attachment was deleted');
  }

  /** The walks are slow on purpose: nobody waits for them. */
  private async deleteByAge(): Promise<void> {
    if (performance.now() < this.nextByAge) return;
    this.nextByAge = performance.now() + BY_AGE_MS;
    const deleted = await this.retention.next();
    if (Object.values(deleted).some((count) => count > 0))
      this.logger.info(deleted, 'deleted by the retention periods');
  }

  private count(counts: Partial<SweepCounts>): void {
    for (const [name, count] of Object.entries(counts)) this.totals[name as keyof SweepCounts] += count;
  }
}
