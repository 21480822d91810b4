import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RedisClient } from '../../redis/open-redis.js';
import { RedisWatch } from './redis-watch.js';

/** A Redis that replies to the probe when the test says so. */
class Probed {
  status = 'ready';
  on = (): this => this;
  private reply: () => void = () => undefined;

  set = (): Promise<void> => new Promise((resolve) => (this.reply = resolve));

  answer(): void {
    this.reply();
  }
}

describe('a Redis that is silent', () => {
  let redis: Probed;
  let watch: RedisWatch;

  beforeEach(async () => {
    vi.useFakeTimers();
    redis = new Probed();
    watch = new RedisWatch(redis as unknown as RedisClient, undefined, 'probe', () => undefined);
    watch.start();
    await vi.advanceTimersByTimeAsync(500);
    redis.answer();
    // The probe after that reply has none within its time.
    await vi.advanceTimersByTimeAsync(1_001);
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  it('and replies within a moment has refused nobody', async () => {
    expect(watch.isWell()).toBe(false);
    const isThere = watch.untilWell();
    await vi.advanceTimersByTimeAsync(300);
    redis.answer();
    await vi.advanceTimersByTimeAsync(50);
    expect(await isThere).toBe(true);
  });

  it('for longer refuses 1.5 s after its last reply, and at once from then on', async () => {
    const ended = vi.fn<(isThere: boolean) => void>();
    void watch.untilWell().then(ended);
    await vi.advanceTimersByTimeAsync(400);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(150);
    expect(ended).toHaveBeenCalledWith(false);
    expect(await watch.untilWell()).toBe(false);
  });
});
