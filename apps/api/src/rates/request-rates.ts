import { Injectable } from '@nestjs/common';
import { answerWithin, AppError, type AuthContext, EventEngine, Logger, type OnError, warnSparingly } from '#runtime';
import { ApiConfig } from '../config.js';
import { clientAddresses } from '#runtime/api';

/** Addresses and callers whose refusal this process remembers. */
const MAX_REMEMBERED = 10_000;
/** A store that does not answer must not delay requests: for a moment it is not asked. */
const ANSWERS_WITHIN_MS = 2_000;
const NOT_ASKED_MS = 5_000;

type Whose = 'address' | 'user' | 'tenant';

const WORDS: Record<Whose, string> = {
  address: 'Too many requests come from your address.',
  user: 'You have sent too many requests.',
  tenant: 'Your organisation has sent too many requests.',
};

/**
 * Requests a minute of addresses, users and tenants, counted by all APIs together: in Redis, or in Postgres where there is no
 * Redis. Each limit is a bucket that holds as many requests as may come in a minute, and is refilled evenly. While the store is
 * unavailable, requests are not limited.
 */
@Injectable()
export class RequestRates {
  private readonly addressOf: ReturnType<typeof clientAddresses>;
  /** Until when a key is refused without asking the store, by `performance.now()`: a flood is cheap. */
  private readonly refused = new Map<string, number>();
  private notAskedUntil = 0;
  private readonly onError: OnError;

  constructor(
    private readonly engine: EventEngine,
    private readonly config: ApiConfig,
    logger: Logger,
  ) {
    this.onError = warnSparingly(logger, 'requests are not limited for now');
    this.addressOf = clientAddresses(config.auth.trustedProxies);
  }

  /** Counts a request of this address. Throws `AppError` `rate_limit.exceeded`. */
  async ofAddress(peer: string, forwardedFor: string | string[] | undefined): Promise<void> {
    const perMinute = this.config.requestRates?.perAddress ?? null;
    if (perMinute !== null) await this.count('address', [this.addressOf(peer, forwardedFor)], perMinute);
  }

  /** Counts a request of this user, then of its tenant. Throws `AppError` `rate_limit.exceeded`. */
  async ofCaller({ tenantId, userId }: AuthContext): Promise<void> {
    const rates = this.config.requestRates?.of(tenantId);
    if (!rates) return;
    if (rates.user !== null) await this.count('user', [tenantId, userId], rates.user);
    if (rates.tenant !== null) await this.count('tenant', [tenantId], rates.tenant);
  }

  private async count(whose: Whose, name: readonly string[], perMinute: number): Promise<void> {
    const key = `requests:${whose}:${JSON.stringify(name)}`;
    const waitMs = Math.max(this.rememberedMs(key), 0) || (await this.book(key, perMinute));
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new AppError('rate_limit.exceeded', WORDS[whose], { limit: whose, per_minute: perMinute }, seconds);
  }

  private rememberedMs(key: string): number {
    const left = (this.refused.get(key) ?? 0) - performance.now();
    if (left <= 0) this.refused.delete(key);
    return left;
  }

  /** Returns 0, or in how many milliseconds the next request of this key may come. */
  private async book(key: string, perMinute: number): Promise<number> {
    if (performance.now() < this.notAskedUntil) return 0;
    try {
      const booking = { key, perMinute, burst: perMinute, cost: 1 };
      const { booked, waitMs } = await answerWithin(
        ANSWERS_WITHIN_MS,
        'the store of request rates',
        this.engine.policies.book([booking], 0),
      );
      if (booked) return 0;
      if (this.refused.size >= MAX_REMEMBERED) this.refused.clear();
      this.refused.set(key, performance.now() + waitMs);
      return waitMs;
    } catch (error) {
      this.notAskedUntil = performance.now() + NOT_ASKED_MS;
      this.onError(error as Error);
      return 0;
    }
  }
}
