import { LEASE_MS, type Logger, type RunExecution, SWEEP_MS } from '#runtime';

export interface SweeperDeps {
  readonly lifecycle: Pick<RunExecution, 'sweep' | 'ping'>;
  /** Drops what has expired of the engine's, where the engine does not do so by itself. Returns how many run logs. */
  readonly removeExpired: () => Promise<number>;
  /** Deletes uploads that no message has used. Returns how many. */
  readonly removeUnusedUploads: () => Promise<number>;
  readonly logger: Logger;
  readonly now: () => number;
}

/** What was orphaned and has been dealt with: runs first, then what is deleted. */
const NOTHING = { recovered: 0, failed: 0, cancelled: 0, timedOut: 0, logs: 0, uploads: 0, calls: 0, keys: 0 };
export type SweepCounts = typeof NOTHING;

/**
 * A round of recovery every 2 s, in whichever worker gets the lock. After an outage of Postgres it waits one lease:
 * the others must have had the chance to renew theirs.
 */
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private notBefore = 0;
  private wasAway = false;
  /** Since this process began. */
  readonly totals: SweepCounts = { ...NOTHING };

  constructor(private readonly deps: SweeperDeps) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), SWEEP_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async tick(): Promise<void> {
    if (this.running || this.deps.now() < this.notBefore) return;
    this.running = true;
    try {
      await this.round();
    } catch (error) {
      this.wasAway = true;
      this.deps.logger.error({ err: error }, 'cannot sweep');
    } finally {
      this.running = false;
    }
  }

  private async round(): Promise<void> {
    if (this.wasAway) {
      await this.deps.lifecycle.ping();
      this.wasAway = false;
      this.notBefore = this.deps.now() + LEASE_MS;
      return;
    }
    const swept = await this.deps.lifecycle.sweep();
    if (!swept) return;
    const { dispatches, failed, cancelled, timedOut, calls, keys } = swept;
    if (dispatches.length + failed + cancelled + timedOut > 0) {
      const recovered = dispatches.map((run) => run.runId);
      this.deps.logger.warn({ recovered, failed, cancelled, timedOut }, 'recovered runs');
    }
    this.count({ recovered: dispatches.length, failed, cancelled, timedOut, calls, keys });
    const [logs, uploads] = [await this.deps.removeExpired(), await this.deps.removeUnusedUploads()];
    this.count({ logs, uploads });
    if (uploads + calls + keys > 0) this.deps.logger.info({ logs, uploads, calls, keys }, 'removed what nobody needs');
  }

  private count(counts: Partial<SweepCounts>): void {
    for (const [name, count] of Object.entries(counts)) this.totals[name as keyof SweepCounts] += count;
  }
}
