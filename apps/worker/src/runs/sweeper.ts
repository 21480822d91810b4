import { LEASE_MS, type Logger, type RunLifecycle, SWEEP_MS } from '#runtime';

export interface SweeperDeps {
  readonly lifecycle: Pick<RunLifecycle, 'sweep' | 'ping'>;
  /** Drops what has expired of the engine's, where the engine does not do so by itself. */
  readonly removeExpired: () => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * A round of recovery every 2 s, in whichever worker gets the lock. After an outage of Postgres it waits one lease:
 * the others must have had the chance to renew theirs.
 */
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private notBefore = 0;
  private wasAway = false;

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
    const { dispatches, failed, cancelled } = swept;
    if (dispatches.length + failed + cancelled > 0) {
      this.deps.logger.warn({ recovered: dispatches.map((run) => run.runId), failed, cancelled }, 'recovered runs');
    }
    await this.deps.removeExpired();
  }
}
