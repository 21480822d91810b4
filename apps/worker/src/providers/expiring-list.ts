import type { DatabaseClock } from '#runtime';

/** What this worker has learned for a limited time. Model names come from requests, so only so many of the newest are held. */
export class ExpiringList<Entry> {
  private readonly entries = new Map<string, { readonly entry: Entry; readonly untilMs: number }>();
  private onChange: (() => void) | undefined;

  constructor(
    private readonly clock: DatabaseClock,
    private readonly maxEntries: number,
  ) {}

  /** `onChange` is called for whatever {@link changed} reports. */
  start(onChange: () => void): void {
    this.onChange = onChange;
  }

  stop(): void {
    this.onChange = undefined;
  }

  list(): Entry[] {
    const now = this.clock.now().getTime();
    for (const [key, { untilMs }] of this.entries) if (untilMs <= now) this.entries.delete(key);
    return [...this.entries.values()].map(({ entry }) => entry);
  }

  /** Holds what `entryOf` makes of its end, an ISO 8601 instant, for so long. */
  protected hold(key: string, forMs: number, entryOf: (until: string) => Entry): void {
    const untilMs = this.clock.now().getTime() + forMs;
    this.entries.delete(key);
    this.entries.set(key, { entry: entryOf(new Date(untilMs).toISOString()), untilMs });
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.maxEntries && oldest !== undefined) this.entries.delete(oldest);
  }

  protected drop(key: string): void {
    this.entries.delete(key);
  }

  protected changed(): void {
    this.onChange?.();
  }
}
