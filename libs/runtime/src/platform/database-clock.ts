/** A sample is replaced by a worse one only after this time, in which clocks may have drifted or been set. */
const SAMPLE_KEPT_MS = 60_000;

/**
 * The time of Postgres as far as this process knows it: from what Postgres has said last, and the time that has passed since.
 * It runs behind by as long as that statement's reply took, and never ahead. For what a process dates and another one
 * compares or shows; until Postgres has said anything it is the clock of this process.
 */
export class DatabaseClock {
  private ahead = Date.now() - performance.now();
  private sampledAt = -Infinity;

  /** `now` is the time of Postgres, from a reply that has just arrived. */
  observe(now: Date): void {
    const elapsed = performance.now();
    const ahead = now.getTime() - elapsed;
    if (ahead <= this.ahead && elapsed - this.sampledAt < SAMPLE_KEPT_MS) return;
    this.ahead = ahead;
    this.sampledAt = elapsed;
  }

  now(): Date {
    return new Date(this.ahead + performance.now());
  }
}
