import type { Redis } from 'ioredis';
import type { RedisClient } from '../../redis/open-redis.js';

/** How often Redis is probed for writes, and after how long without a reply it counts as unavailable. */
const ASK_EVERY_MS = 250;
const ANSWER_WITHIN_MS = 500;

/**
 * So long after its last reply Redis may come back without refusing anybody: a slow disk, a busy machine, a restart. Less the age of
 * that reply, the wait before a connection is tried again and the time that the attempt takes, that is the second that
 * docs/deploy.md promises. Within the two in which a message is refused.
 */
const BRIDGED_MS = 1_500;
const LOOK_EVERY_MS = 20;

/** Of a key that is never read. Written, because a replica that refuses writes answers every other command. */
const PROBE_KEPT_MS = 10_000;

/**
 * Probes both connections continuously, so that a Redis that is unusable (behind a dead switch, a replica, out of
 * memory, with another password) is detected before a message is accepted. The socket timeout of a connection ends
 * probes without a reply, and the connection reconnects by itself.
 */
export class RedisWatch {
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;
  private isOverdue = false;
  private isRefused = false;
  private repliedAt = performance.now();

  constructor(
    private readonly commands: RedisClient,
    /** Absent on a cluster, whose client renews its subscriptions itself. */
    private readonly subscriber: Redis | undefined,
    private readonly probe: string,
    private readonly onError: (error: Error) => void,
  ) {}

  start(): void {
    // A connection that is back is asked at once: what its loss said of Redis is no longer true.
    this.commands.on('ready', () => void this.ask());
    this.timer = setInterval(() => void this.ask(), ASK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Whether a write would most likely succeed now; costs no round trip. */
  isWell(): boolean {
    return this.commands.status === 'ready' && !this.isRefused && !this.isOverdue;
  }

  /** The same; while the outage is a short one still, waits for its end. */
  async untilWell(): Promise<boolean> {
    while (!this.isWell() && performance.now() < this.repliedAt + BRIDGED_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return this.isWell();
  }

  private async ask(): Promise<void> {
    if (this.isAsking || this.commands.status !== 'ready') return;
    this.isAsking = true;
    // Checked after the sockets were read: after a busy event loop the reply may be waiting, and Redis is not at fault.
    const timer = setTimeout(() => setImmediate(() => (this.isOverdue = this.isAsking)), ANSWER_WITHIN_MS);
    // Only tests for a reply: the socket timeout ends a connection without one.
    if (this.subscriber?.status === 'ready') this.subscriber.ping().catch(() => undefined);
    try {
      await this.commands.set(this.probe, '1', 'PX', PROBE_KEPT_MS);
      this.isRefused = false;
      this.repliedAt = performance.now();
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
