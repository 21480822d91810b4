import { Injectable } from '@nestjs/common';
import { EventEngine, Logger, UsageStore } from '#runtime';
import { type Claim, RunExecution, RunPublisher } from '#runtime/worker';
import { logModelAttempt } from '../accounting/log-model-attempt.js';
import { WorkerSettings } from '../worker-settings.js';
import { ActiveRuns } from './active-runs.js';
import { bookUsage } from './book-usage.js';
import type { RunAttempt, RunHandler } from './run-attempt.js';
import { settleAttempt } from './settle-attempt.js';
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
    private readonly logger: Logger,
  ) {}

  begin(claim: Claim): RunAttempt {
    const run = this.active.begin(claim, this.settings.runMs);
    const { runId, fence, threadId, attempt, context } = claim;
    const thread = threadId !== '' && { threadId };
    const logger = this.logger.child({ requestId: context.requestId, runId, ...thread, attempt });
    return {
      run,
      writer: this.publisher.open({ runId, fence, onLost: () => run.stop('lease_lost') }),
      meter: new UsageMeter((call) => logModelAttempt(logger, call)),
      logger,
    };
  }

  async run(attempt: RunAttempt, handler: RunHandler): Promise<void> {
    let isSettled = false;
    try {
      const failure = await handler.answer().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      isSettled = await settleAttempt(this.execution, attempt, handler, failure, this.settings.runMs);
    } finally {
      await bookUsage(this.usage, attempt, isSettled);
      this.publisher.close(attempt.writer);
      this.active.end(attempt.run);
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
