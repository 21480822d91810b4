import { Injectable } from '@nestjs/common';
import {
  ANSWER_SECONDS,
  FIRST_PIECE_SECONDS,
  Metrics,
  settledCode,
  type SettledRun,
  SettledRuns,
  WAIT_SECONDS,
} from '#runtime';
import { type Claim, MAX_ATTEMPTS, type Outcome } from '#runtime/worker';

/** What becomes of one attempt at a run, counted once. */
export interface AttemptCounts {
  settled(outcome: Pick<Outcome, 'state' | 'errorCode' | 'firstTokenAt'>): void;
  /** The run is another worker's, or has ended already. */
  lost(): void;
}

/** Counts the runs of this worker: a few additions per run. */
@Injectable()
export class RunMetrics {
  private readonly queueWait;
  private readonly attempts;
  private readonly firstToken;
  private readonly duration;
  private readonly settled: SettledRuns;
  private readonly lost;
  private readonly handedOver;

  constructor(metrics: Metrics) {
    this.queueWait = metrics.histogram(
      {
        name: 'chatkit_relay_run_queue_wait_seconds',
        help: 'Time from when a run could start (its job was added) until a worker claimed it; each claim counts.',
      },
      WAIT_SECONDS,
    );
    this.attempts = metrics.counter({
      name: 'chatkit_relay_run_attempts_total',
      help: 'Claims of runs by the number of the attempt: 1, 2 or 3. Above 1 a worker died or lost its lease before.',
      labels: ['attempt'],
    });
    // From zero on, so that the first of a kind is an increase.
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) this.attempts.inc({ attempt }, 0);
    this.firstToken = metrics.histogram(
      {
        name: 'chatkit_relay_time_to_first_token_seconds',
        help: 'Time from when a run could start until the first piece of its answer; of settled runs that had text.',
      },
      FIRST_PIECE_SECONDS,
    );
    this.duration = metrics.histogram(
      {
        name: 'chatkit_relay_run_duration_seconds',
        help: 'Time from the first claim of a run until its worker settled it, by outcome (completed, failed, cancelled) and error code (none unless failed).',
        labels: ['outcome', 'code'],
      },
      ANSWER_SECONDS,
    );
    this.settled = new SettledRuns(metrics);
    this.lost = metrics.counter({
      name: 'chatkit_relay_leases_lost_total',
      help: 'Attempts of this worker whose run was taken over by another worker or had ended already.',
    });
    this.handedOver = metrics.counter({
      name: 'chatkit_relay_runs_handed_over_total',
      help: 'Runs that this worker took over from one that was asked to stop. Counted here because nobody reads the counters of a worker that ends.',
    });
  }

  begin({ trigger, attempt, isHandedOver, claimedAt, waitedMs, ranMs }: Claim): AttemptCounts {
    const start = performance.now();
    this.queueWait.observe(waitedMs / 1_000);
    this.attempts.inc({ attempt });
    if (isHandedOver) this.handedOver.inc();
    return {
      settled: ({ state, errorCode, firstTokenAt }) => {
        const ms = ranMs + performance.now() - start;
        this.settled.count({ trigger, state, errorCode });
        this.duration.observe({ outcome: state, code: settledCode({ state, errorCode }) }, ms / 1_000);
        if (!firstTokenAt) return;
        // The wait of an earlier attempt is not known any more; what it ran is.
        const beforeMs = Math.max(ranMs, waitedMs);
        const firstMs = beforeMs + Math.max(0, firstTokenAt.getTime() - claimedAt.getTime());
        this.firstToken.observe(firstMs / 1_000);
      },
      lost: () => this.lost.inc(),
    };
  }

  /** Runs that a sweep of this worker has ended: no worker had them, so that they have no duration. */
  swept(ended: readonly SettledRun[]): void {
    for (const run of ended) this.settled.count(run);
  }
}
