import { LOG_CEILING_BYTES } from '../platform/tunables.js';
import { encodeEntry } from '../events/entry.js';
import type { Append, Refusal } from '../events/run-log.js';

export interface RunWriterOptions {
  readonly runId: string;
  readonly fence: number;
  /** Called once, when the log shows that another worker has the run. */
  readonly onLost: () => void;
  /** Called when there is something to flush. */
  readonly onDirty: (writer: RunWriter) => void;
}

/** A run's answer outgrew its log. */
export class LogCeilingError extends Error {
  override readonly name = 'LogCeilingError';
}

/**
 * One attempt's end of the log: collects finished frames and hands them out as entries. What could not be delivered
 * stays here, cut as it was, until the log is within reach again.
 */
export class RunWriter {
  readonly runId: string;
  readonly fence: number;
  /** API instances that follow the run, as last read from the bus. */
  readers: readonly string[] = [];

  private frames = '';
  private first = 1;
  private next = 1;
  private opened: string[] = [];
  private closed: string[] = [];
  /** Bytes that were cut into entries so far. */
  private bytes = 0;
  private ended = false;
  private lost = false;
  private readonly undelivered: Append[] = [];
  private settleDelivery: (() => void) | undefined;

  constructor(private readonly options: RunWriterOptions) {
    this.runId = options.runId;
    this.fence = options.fence;
  }

  /** Adds one event. Throws `LogCeilingError` instead when it would be more than 16 MB. */
  write(frame: string): void {
    // What is not cut yet is counted in characters: exact enough, and no second look at every token.
    if (!this.lost && this.bytes + this.frames.length + frame.length > LOG_CEILING_BYTES)
      throw new LogCeilingError(`run ${this.runId}: more than ${LOG_CEILING_BYTES} bytes`);
    this.writeLast(frame);
  }

  /** Adds an event that tells how the run ended: it must reach the readers, whatever came before. */
  writeLast(frame: string): void {
    if (this.lost || this.ended) return;
    const wasClean = this.frames === '';
    this.frames += frame;
    this.next++;
    if (wasClean) this.options.onDirty(this);
  }

  /** Notes that the event just written announced an item. */
  itemOpened(itemId: string): void {
    this.opened.push(itemId);
  }

  /** Notes that the event just written finished an item, or withdrew it. */
  itemClosed(itemId: string): void {
    this.closed.push(itemId);
  }

  /**
   * Makes what is written and not yet flushed the run's last entry. Resolves when the log has it, or after `waitMs`
   * when the log is out of reach: the run is settled by then, and its readers are served from Postgres.
   */
  async end(waitMs: number): Promise<void> {
    if (this.lost || this.ended) return;
    this.ended = true;
    // An entry needs a place of its own, also when it holds no event.
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

  /** Everything that waits for the log, oldest first; the caller reports back what became of it. */
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
   * The log has something at or behind our place. Under our own fence that is an earlier try of ours whose reply was
   * lost; under a higher one the run belongs to somebody else.
   */
  refused(refusal: Refusal): void {
    if (this.lost || refusal.newest.fence <= this.fence) return;
    this.abandon();
    this.options.onLost();
  }

  /** Stops writing for good: nothing more of this attempt reaches the log. */
  abandon(): void {
    this.lost = true;
    this.frames = '';
    this.first = this.next;
    this.undelivered.length = 0;
    this.settleDelivery?.();
  }

  private cut(): Append | undefined {
    if (this.next === this.first) return undefined;
    const { runId, fence, first } = this;
    const last = this.next - 1;
    const encoded = encodeEntry({
      runId,
      fence,
      first,
      last,
      opened: this.opened,
      closed: this.closed,
      end: this.ended,
      frames: this.frames,
    });
    this.bytes += Buffer.byteLength(this.frames);
    this.frames = '';
    this.first = this.next;
    this.opened = [];
    this.closed = [];
    return { runId, fence, first, last, end: this.ended, encoded };
  }
}
