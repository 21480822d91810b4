import { encodeEntry } from '../events/entry.js';
import type { LogEnd } from '../events/run-log.js';
import { LOG_KEPT_MS, WITHDRAWALS_KEPT_MS } from '../platform/tunables.js';

/** A flush of a run, as `RunWriter` cuts it. */
type Cut = Omit<Parameters<typeof encodeEntry>[0], 'opened' | 'frames'>;

/**
 * What is left of a turn's log when it has settled: of each item the event that finished or withdrew it, which tells
 * everything about it, and what is not about items. Its events keep their places, so that a reader with any cursor gets
 * what it lacks and nothing twice. Collected while the turn is written, since the log is not read again for it.
 */
export class MergedLog {
  private readonly openItems = new Set<string>();
  private readonly entries: string[] = [];
  private mergedUntil = 0;
  private frames = '';
  private hasWithdrawn = false;

  constructor(private readonly fence: number) {}

  itemOpened(itemId: string): void {
    this.openItems.add(itemId);
  }

  /** Whether the events about an item are told again when it closes. */
  isOpen(itemId: string): boolean {
    return this.openItems.has(itemId);
  }

  itemClosed(itemId: string, frame: string): void {
    this.openItems.delete(itemId);
    this.keep(frame);
  }

  itemWithdrawn(itemId: string, frame: string): void {
    this.itemClosed(itemId, frame);
    this.hasWithdrawn = true;
  }

  keep(frame: string): void {
    this.frames += frame;
  }

  /** What was kept since the last cut is an entry that spans everything since the last one: no reader's cursor is within. */
  cut(cut: Cut): void {
    if (this.frames === '' && !cut.end) return;
    this.entries.push(encodeEntry({ ...cut, first: this.mergedUntil + 1, opened: [], frames: this.frames }));
    this.mergedUntil = cut.last;
    this.frames = '';
  }

  end(): LogEnd {
    return {
      keptMs: this.hasWithdrawn ? WITHDRAWALS_KEPT_MS : LOG_KEPT_MS,
      merged: this.mustStayWhole() ? undefined : this.entries.join(''),
    };
  }

  /**
   * A turn that failed may leave items that nothing has closed: only the whole log tells how far they came. And only the entries of
   * an earlier attempt tell what a reader who left during it has seen: this attempt cannot name what was announced after it
   * had looked.
   */
  private mustStayWhole(): boolean {
    return this.openItems.size > 0 || this.fence > 1;
  }
}
