import type {
  Booked,
  BreakerRule,
  BreakerState,
  LastFailure,
  Permit,
  PolicyState,
  RateBooking,
} from './policy-state.js';

interface BreakerRecord {
  failures: number;
  opens: number;
  last: LastFailure | undefined;
  openUntil: number;
  probeUntil: number;
}

const MINUTE_MS = 60_000;

/** The state of a single process: for tests, and when there is no store that workers share. */
export class MemoryPolicyState implements PolicyState {
  /** When a limit is unused again, in epoch milliseconds: a bucket that drains evenly, stored as the time when it is empty. */
  readonly #emptyAt = new Map<string, number>();
  readonly #permits = new Map<string, Map<string, number>>();
  readonly #breakers = new Map<string, BreakerRecord>();
  readonly #asideUntil = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  async book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked> {
    const now = this.now();
    const waitMs = Math.max(0, ...bookings.map((booking) => this.#freeAt(booking) - now));
    if (waitMs > maxWaitMs) return { booked: false, waitMs };
    for (const { key, cost, perMinute } of bookings) {
      this.#emptyAt.set(key, Math.max(this.#emptyAt.get(key) ?? now, now) + (cost * MINUTE_MS) / perMinute);
    }
    return { booked: true, waitMs };
  }

  async correct(bookings: readonly RateBooking[]): Promise<void> {
    const now = this.now();
    for (const { key, cost, perMinute } of bookings) {
      const emptyAt = Math.max(this.#emptyAt.get(key) ?? now, now) + (cost * MINUTE_MS) / perMinute;
      this.#emptyAt.set(key, Math.max(now, emptyAt));
    }
  }

  async acquire({ key, holder }: Permit, limit: number, ttlMs: number): Promise<boolean> {
    const now = this.now();
    const holders = this.#permits.get(key) ?? new Map<string, number>();
    for (const [other, until] of holders) if (until <= now) holders.delete(other);
    if (!holders.has(holder) && holders.size >= limit) return false;
    this.#permits.set(key, holders.set(holder, now + ttlMs));
    return true;
  }

  async release({ key, holder }: Permit): Promise<void> {
    this.#permits.get(key)?.delete(holder);
  }

  async breaker(key: string): Promise<BreakerState> {
    const { failures = 0, opens = 0, openUntil = 0, last } = this.#breakers.get(key) ?? {};
    return { failures, opens, openForMs: Math.max(0, openUntil - this.now()), isHeld: false, last };
  }

  async countFailure(
    key: string,
    rule: BreakerRule,
    { isProbe, ...last }: LastFailure & { readonly isProbe: boolean },
  ): Promise<BreakerState> {
    const now = this.now();
    const record = this.#breakers.get(key) ?? { failures: 0, opens: 0, last: undefined, openUntil: 0, probeUntil: 0 };
    record.failures += 1;
    record.last = last;
    // Calls that began before it opened fail one after the other: they keep it open no longer.
    if (record.openUntil <= now && (record.opens === 0 ? record.failures >= rule.failures : isProbe)) {
      record.openUntil = now + openTime(rule, record.opens);
      record.opens += 1;
      record.probeUntil = 0;
    }
    this.#breakers.set(key, record);
    return this.breaker(key);
  }

  async takeProbe(key: string, ttlMs: number): Promise<boolean> {
    const record = this.#breakers.get(key);
    const now = this.now();
    if (!record || record.openUntil > now || record.probeUntil > now) return false;
    record.probeUntil = now + ttlMs;
    return true;
  }

  async releaseProbe(key: string): Promise<void> {
    const record = this.#breakers.get(key);
    if (record) record.probeUntil = 0;
  }

  async closeBreaker(key: string): Promise<void> {
    this.#breakers.delete(key);
  }

  async setAside(key: string, forMs: number): Promise<void> {
    this.#asideUntil.set(key, this.now() + forMs);
  }

  async asideFor(keys: readonly string[]): Promise<readonly number[]> {
    const now = this.now();
    return keys.map((key) => Math.max(0, (this.#asideUntil.get(key) ?? 0) - now));
  }

  #freeAt({ key, cost, burst, perMinute }: RateBooking): number {
    const room = burst - Math.min(cost, burst);
    return (this.#emptyAt.get(key) ?? 0) - (room * MINUTE_MS) / perMinute;
  }
}

const openTime = ({ openMs, maxOpenMs }: BreakerRule, opens: number): number =>
  Math.min(Math.max(openMs, maxOpenMs), openMs * 2 ** opens);
