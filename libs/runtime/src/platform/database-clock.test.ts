import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseClock } from './database-clock.js';

const HOUR = 3_600_000;

describe('the time of Postgres', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 10 * HOUR }));
  afterEach(() => void vi.useRealTimers());

  it('is what Postgres has said and what has passed since, whatever the clock of this process says', () => {
    const clock = new DatabaseClock();
    expect(clock.now().getTime()).toBe(10 * HOUR);
    clock.observe(new Date(3 * HOUR));
    vi.advanceTimersByTime(500);
    vi.setSystemTime(20 * HOUR);
    expect(clock.now().getTime()).toBe(3 * HOUR + 500);
  });

  it('is not set back by a reply that took long, and follows a clock that was set back within a minute', () => {
    const clock = new DatabaseClock();
    clock.observe(new Date(5 * HOUR));
    clock.observe(new Date(5 * HOUR - 2_000));
    expect(clock.now().getTime()).toBe(5 * HOUR);
    clock.observe(new Date(5 * HOUR + 10));
    expect(clock.now().getTime()).toBe(5 * HOUR + 10);
    vi.advanceTimersByTime(60_000);
    clock.observe(new Date(4 * HOUR));
    expect(clock.now().getTime()).toBe(4 * HOUR);
  });
});
