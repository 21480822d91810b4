import { Injectable } from '@nestjs/common';
import { errorSparingly, Logger, type OnError, warnSparingly } from '#runtime';
import { BEAT_MS, RunExecution, RunPublisher } from '#runtime/worker';
import { ActiveRuns } from '../attempt/active-runs.js';

/**
 * Every 2 s, in one statement for all runs: renews the leases and returns the runs with a stop request. A run that is
 * missing belongs to another worker now. Also reads the followers of the runs again.
 */
@Injectable()
export class Beat {
  private timer: NodeJS.Timeout | undefined;
  private isBeating = false;
  private readonly onError: OnError;
  private readonly onReadersError: OnError;

  constructor(
    private readonly active: ActiveRuns,
    private readonly execution: RunExecution,
    private readonly publisher: RunPublisher,
    logger: Logger,
  ) {
    this.onError = errorSparingly(logger, 'cannot renew the leases');
    this.onReadersError = warnSparingly(logger, 'cannot look up who follows the runs');
  }

  start(): void {
    this.timer = setInterval(() => void this.tick(), BEAT_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** What a beat that fails leaves undone, the next one does. */
  private async tick(): Promise<void> {
    if (this.isBeating) return;
    this.isBeating = true;
    try {
      await this.beat();
    } catch (error) {
      this.onError(error as Error);
    } finally {
      this.isBeating = false;
    }
  }

  private async beat(): Promise<void> {
    const held = this.active.all();
    if (held.length === 0) return;
    const renewed = await this.execution.renewLeases(
      held.map(({ claim: { runId, fence }, firstTokenAt }) => ({ runId, fence, firstTokenAt })),
    );
    const stops = new Map(renewed.map((run) => [run.runId, run.stopRequested]));
    for (const run of held) {
      const stopRequested = stops.get(run.claim.runId);
      if (stopRequested === undefined) run.stop('lease_lost');
      else if (stopRequested) run.stop('cancelled');
    }
    await this.publisher.refreshReaders().catch((error: Error) => this.onReadersError(error));
  }
}
