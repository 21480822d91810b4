import type { Redis } from 'ioredis';

/** How often Redis is asked whether it takes writes, and from when on an open question counts as a no. */
const ASK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 500;

/** Nobody reads it. A write, because a replica that refuses writes answers every other question. */
const PROBE_KEY = 'relay:probe';
const PROBE_KEPT_MS = 10_000;

/**
 * Keeps asking both connections, so that a Redis that is there and of no use (behind a dead switch, a replica, out of
 * memory, with another password) is known before somebody's message is accepted. What gets no answer is ended by the
 * connections' own socket timeout, and comes back by itself.
 */
export class RedisWatch {
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;
  private isOverdue = false;
  private isRefused = false;

  constructor(
    private readonly commands: Redis,
    private readonly subscriber: Redis,
    private readonly onError: (error: Error) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.ask(), ASK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Whether a write would most likely succeed now; costs no round trip. */
  isWell(): boolean {
    return this.commands.status === 'ready' && !this.isRefused && !this.isOverdue;
  }

  private async ask(): Promise<void> {
    if (this.isAsking || this.commands.status !== 'ready') return;
    this.isAsking = true;
    // Looked at behind the sockets' turn: an event loop that was busy finds the answer waiting, and must not blame Redis.
    const timer = setTimeout(() => setImmediate(() => (this.isOverdue = this.isAsking)), ANSWER_WITHIN_MS);
    // Only to hear whether it answers: its socket timeout ends a connection that does not.
    if (this.subscriber.status === 'ready') this.subscriber.ping().catch(() => undefined);
    try {
      await this.commands.set(PROBE_KEY, '1', 'PX', PROBE_KEPT_MS);
      this.isRefused = false;
    } catch (error) {
      if (!this.isRefused) this.onError(error as Error);
      this.isRefused = true;
    } finally {
      clearTimeout(timer);
      this.isAsking = false;
      this.isOverdue = false;
    }
  }
}
