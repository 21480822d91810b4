import { SILENCE_MS } from '../platform/tunables.js';
import type { Silent, SilenceWatch } from './follower.js';

const CHECK_MS = 500;

/** One timer for all followers of a process: one timer each would have to be reset at every event. */
export class IntervalSilenceWatch implements SilenceWatch {
  private readonly followers = new Set<Silent>();
  private timer: NodeJS.Timeout | undefined;

  add(follower: Silent): void {
    this.followers.add(follower);
    this.timer ??= setInterval(() => this.check(), CHECK_MS).unref();
  }

  remove(follower: Silent): void {
    this.followers.delete(follower);
    if (this.followers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private check(): void {
    const limit = performance.now() - SILENCE_MS;
    for (const follower of this.followers) if (follower.lastEntryAt < limit) follower.onSilence();
  }
}
