import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SILENCE_MS } from '../platform/tunables.js';
import { IntervalSilenceWatch } from './silence-watch.js';

class Follower {
  lastEntryAt = performance.now();
  readonly onSilence = vi.fn<() => void>(() => {
    this.lastEntryAt = performance.now();
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the silence watch', () => {
  it('calls a follower that has received nothing for three seconds, and again after three more', () => {
    const watch = new IntervalSilenceWatch();
    const silent = new Follower();
    watch.add(silent);
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(silent.onSilence).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_001);
    expect(silent.onSilence).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(SILENCE_MS + 1_000);
    expect(silent.onSilence).toHaveBeenCalledTimes(2);
    watch.remove(silent);
  });

  it('does not call a follower that receives entries', () => {
    const watch = new IntervalSilenceWatch();
    const [busy, silent] = [new Follower(), new Follower()];
    watch.add(busy);
    watch.add(silent);
    for (let second = 0; second < 10; second++) {
      vi.advanceTimersByTime(1_000);
      busy.lastEntryAt = performance.now();
    }
    expect(busy.onSilence).not.toHaveBeenCalled();
    expect(silent.onSilence).toHaveBeenCalled();
    watch.remove(busy);
    watch.remove(silent);
  });

  it('has one timer for all followers, and none without followers', () => {
    const watch = new IntervalSilenceWatch();
    const followers = [new Follower(), new Follower(), new Follower()];
    for (const follower of followers) watch.add(follower);
    expect(vi.getTimerCount()).toBe(1);
    for (const follower of followers) watch.remove(follower);
    expect(vi.getTimerCount()).toBe(0);
  });
});
