import { Injectable } from '@nestjs/common';
import { DatabaseClock, EventEngine, Logger, UsageStore } from '#runtime';
import { type Claim, RunExecution, RunPublisher } from '#runtime/worker';
import { frameLogger } from '../accounting/frame-logger.js';
import { logModelAttempt } from '../accounting/log-model-attempt.js';
import { ModelMetrics } from '../metrics/model-metrics.js';
import { RunMetrics } from '../metrics/run-metrics.js';
import { WorkerSettings } from '../worker-settings.js';
import { ActiveRuns } from './active-runs.js';
import { bookUsage } from './book-usage.js';
import { callerOf } from './caller-of.js';
import { ProviderNames } from './provider-names.js';
import type { AttemptEnd } from './attempt-end.js';
import type { RunAttempt, RunHandler } from './run-attempt.js';
import { RunTrace } from './run-trace.js';
import { settleAttempt } from './settle-attempt.js';
import { StepLog } from './step-log.js';
import { UsageMeter } from './usage-meter.js';

type Entries = Awaited<ReturnType<EventEngine['log']['readAfter']>>;

/** The steps of every claimed run: begin, answer, settle, book its cost. */
@Injectable()
export class AttemptRunner {
  constructor(
    private readonly active: ActiveRuns,
    private readonly publisher: RunPublisher,
    private readonly engine: EventEngine,
    private readonly execution: RunExecution,
    private readonly usage: UsageStore,
    private readonly settings: WorkerSettings,
    private readonly clock: DatabaseClock,
    private readonly runMetrics: RunMetrics,
    private readonly modelMetrics: ModelMetrics,
    private readonly names: ProviderNames,
    private readonly logger: Logger,
  ) {}

  begin(claim: Claim): RunAttempt {
    const { runId, fence, attempt } = claim;
    const logger = this.logger.child({ ...callerOf(claim), attempt });
    const trace = RunTrace.begin(claim, this.names);
    const steps = new StepLog(this.clock, trace);
    const meter = new UsageMeter((call) => {
      logModelAttempt(logger, call);
      steps.model(call);
      this.modelMetrics.attempt(call);
    });
    const run = this.active.begin(claim, this.settings.runMs, () => meter.firstTextAt);
    return {
      run,
      writer: this.publisher.open({
        runId,
        fence,
        isTurn: claim.threadId !== '',
        onLost: () => run.stop('lease_lost'),
      }),
      meter,
      steps,
      counts: this.runMetrics.begin(claim),
      logger,
      onFrame: frameLogger(logger),
      trace,
    };
  }

  async run(attempt: RunAttempt, handler: RunHandler): Promise<AttemptEnd> {
    let end: AttemptEnd = 'lost';
    try {
      const failure = await handler.answer().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      end = await settleAttempt(this.execution, attempt, handler, failure, this.settings.runMs);
      return end;
    } finally {
      await bookUsage(this.usage, attempt, typeof end === 'object');
      this.publisher.close(attempt.writer);
      this.active.end(attempt.run);
      attempt.trace?.end(end);
    }
  }

  /** Loads the readers of the run. Returns what earlier attempts wrote; undefined when the log cannot be read. */
  async prepareReaders({ run, logger }: RunAttempt): Promise<Entries | undefined> {
    const { runId, fence } = run.claim;
    const [earlier, readers] = await Promise.allSettled([
      fence > 1 ? this.engine.log.readAfter(runId) : [],
      this.publisher.refreshReaders([runId]),
    ]);
    const failed = [earlier, readers].find((result) => result.status === 'rejected');
    // Without the log no reader can be shown the answer now. A turn still reaches Postgres, and its readers find it there;
    // readers of a completion compare fences, and never show two answers one after the other.
    if (failed) logger.warn({ err: failed.reason }, 'the run log is unavailable');
    return earlier.status === 'fulfilled' ? earlier.value : undefined;
  }
}
