import { hostname } from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { Database, Logger, type OnError, warnSparingly } from '#runtime';
import { LOAD_REPORT_MS, reportLoad, type WorkerLoad } from '#runtime/worker';
import { LimitWaits } from '#providers';
import { ActiveRuns } from '../attempt/active-runs.js';
import { AttachmentBudget } from '../context/attachment-budget.js';
import { WorkerSettings } from '../worker-settings.js';

const NANOSECONDS = 1e6;

/** Tells administrators every 5 s what this worker is doing. */
@Injectable()
export class LoadReport {
  private timer: NodeJS.Timeout | undefined;
  private delay: IntervalHistogram | undefined;
  private cpu = process.cpuUsage();
  private since = performance.now();
  private isStopping = false;
  private readonly onError: OnError;
  private readonly startedAt = new Date().toISOString();

  constructor(
    private readonly active: ActiveRuns,
    private readonly attachments: AttachmentBudget,
    private readonly waits: LimitWaits,
    private readonly db: Database,
    private readonly settings: WorkerSettings,
    logger: Logger,
  ) {
    this.onError = warnSparingly(logger, 'cannot report the load');
  }

  start(): void {
    this.delay = monitorEventLoopDelay();
    this.delay.enable();
    this.timer = setInterval(() => void this.report(), LOAD_REPORT_MS);
    void this.report();
  }

  /** From now on the worker takes no more jobs. */
  announceStop(): void {
    this.isStopping = true;
    void this.report();
  }

  stop(): void {
    clearInterval(this.timer);
    this.delay?.disable();
  }

  private async report(): Promise<void> {
    try {
      await reportLoad(this.db.system, this.settings.workerId, this.load());
    } catch (error) {
      this.onError(error as Error);
    }
  }

  private load(): WorkerLoad {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.cpu);
    const cpu = (user + system) / 1_000 / Math.max(1, now - this.since);
    const late = this.delay && this.delay.count > 0 ? this.delay.percentile(99) / NANOSECONDS : 0;
    this.cpu = process.cpuUsage();
    this.since = now;
    this.delay?.reset();
    return {
      host: hostname(),
      pid: process.pid,
      node: process.version,
      startedAt: this.startedAt,
      runs: this.active.count,
      concurrency: this.settings.concurrency,
      memoryBytes: process.memoryUsage.rss(),
      cpu: Math.round(cpu * 100) / 100,
      loopDelayMs: Math.round(late * 10) / 10,
      isStopping: this.isStopping,
      attachments: this.attachments.use,
      waits: this.waits.list(),
    };
  }
}
