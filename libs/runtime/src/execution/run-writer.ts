import { COMPLETION_KEPT_MS, LOG_CEILING_BYTES } from '../platform/tunables.js';
import { encodeEntry } from '../events/entry.js';
import type { Append, Refusal } from '../events/run-log.js';
import { MergedLog } from './merged-log.js';

export interface RunWriterOptions {
  readonly runId: string;
  readonly fence: number;
  /** The run is a turn, whose events are about items: its log is merged when its first attempt ends. That of a completion stays. */
  readonly isTurn: boolean;
  /** Called once, when the log shows that another worker has the run. */
  readonly onLost: () => void;
  /** Called when there is something to flush. */
  readonly onDirty: (writer: RunWriter) => void;
}

/** A run's answer exceeded the size limit of its log. */
export class LogCeilingError extends Error {
  override readonly name = 'LogCeilingError';
}

/**
 * Writes one attempt's events to the log: collects finished frames and returns them as entries. Undelivered entries
 * remain here unchanged until the log is available again.
 */
export class RunWriter {
  readonly runId: string;
  readonly fence: number;
  /** API instances that follow the run, as last read from the bus. */
  readers: readonly string[] = [];

  private frames = '';
  private newestFrame = '';
  private readonly merged: MergedLog | undefined;
  private first = 1;
  private next = 1;
  private opened: string[] = [];
  private closed: string[] = [];
  /** Bytes in all entries so far. */
  private bytes = 0;
  private ended = false;
  private lost = false;
  private readonly undelivered: Append[] = [];
  private settleDelivery: (() => void) | undefined;

  constructor(private readonly options: RunWriterOptions) {
    this.runId = options.runId;
    this.fence = options.fence;
    this.merged = options.isTurn ? new MergedLog(options.fence) : undefined;
  }

  /** Adds one event. Throws `LogCeilingError` instead when the total would exceed 16 MB. */
  write(frame: string): void {
    // Frames that are not yet in an entry are counted in characters: exact enough, and each token is not measured twice.
    if (!this.lost && this.bytes + this.frames.length + frame.length > LOG_CEILING_BYTES)
      throw new LogCeilingError(`run ${this.runId}: more than ${LOG_CEILING_BYTES} bytes`);
    this.add(frame);
  }

  /** Adds an event that shows how the run ended: it must reach the readers, whatever the size so far. */
  writeLast(frame: string): void {
    this.add(frame);
    this.eventStays();
  }

  /** Records that the event just written announced an item. */
  itemOpened(itemId: string): void {
    this.opened.push(itemId);
    this.merged?.itemOpened(itemId);
  }

  /** Records that the event just written changed an item. */
  itemChanged(itemId: string): void {
    if (!this.merged?.isOpen(itemId)) this.eventStays();
  }

  /** Records that the event just written finished an item. */
  itemClosed(itemId: string): void {
    this.closed.push(itemId);
    this.merged?.itemClosed(itemId, this.takeNewest());
  }

  /** Records that the event just written withdrew an item. */
  itemWithdrawn(itemId: string): void {
    this.closed.push(itemId);
    this.merged?.itemWithdrawn(itemId, this.takeNewest());
  }

  /** Records that no later event tells what the event just written tells: it stays when the log is merged. */
  eventStays(): void {
    this.merged?.keep(this.takeNewest());
  }

  /**
   * Ends the run's log with an entry of everything not yet flushed. Resolves when the log has it, or after `waitMs`
   * when the log is unavailable: the run is settled by then, and its readers are served from Postgres.
   */
  async end(waitMs: number): Promise<void> {
    if (this.lost || this.ended) return;
    this.ended = true;
    // An entry needs a sequence number of its own, even when it holds no event.
    if (this.frames === '') this.next++;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.settleDelivery = () => {
        clearTimeout(timer);
        resolve();
      };
      this.options.onDirty(this);
    });
  }

  /** Returns all undelivered entries, oldest first; the caller reports their outcome. */
  take(): readonly Append[] {
    const entry = this.cut();
    if (entry) this.undelivered.push(entry);
    return [...this.undelivered];
  }

  delivered(entries: readonly Append[]): void {
    this.undelivered.splice(0, entries.length);
    if (this.ended && this.undelivered.length === 0 && this.next === this.first) this.settleDelivery?.();
  }

  /**
   * The log has an entry at or after our position. Under our own fence that is an earlier try whose reply was lost;
   * under a higher one another worker has the run.
   */
  refused(refusal: Refusal): void {
    if (this.lost || refusal.newest.fence <= this.fence) return;
    this.abandon();
    this.options.onLost();
  }

  /** Stops writing for good: no more output of this attempt reaches the log. */
  abandon(): void {
    this.lost = true;
    this.frames = '';
    this.first = this.next;
    this.undelivered.length = 0;
    this.settleDelivery?.();
  }

  private add(frame: string): void {
    const isOver = this.lost || this.ended;
    this.newestFrame = isOver ? '' : frame;
    if (isOver) return;
    const wasClean = this.frames === '';
    this.frames += frame;
    this.next++;
    if (wasClean) this.options.onDirty(this);
  }

  /** An event is merged once, whatever is recorded of it. */
  private takeNewest(): string {
    const frame = this.newestFrame;
    this.newestFrame = '';
    return frame;
  }

  private cut(): Append | undefined {
    if (this.next === this.first) return undefined;
    const { runId, fence, first, opened, closed } = this;
    const last = this.next - 1;
    const cut = { runId, fence, first, last, closed, end: this.ended };
    const encoded = encodeEntry({ ...cut, opened, frames: this.frames });
    this.merged?.cut(cut);
    this.bytes += Buffer.byteLength(this.frames);
    this.frames = '';
    this.first = this.next;
    this.opened = [];
    this.closed = [];
    const end = this.ended ? (this.merged?.end() ?? { keptMs: COMPLETION_KEPT_MS }) : undefined;
    return { runId, fence, first, last, end, encoded };
  }
}
