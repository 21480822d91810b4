import { encodeEvent } from '#chatkit';
import { type Cursor, type Entry, type EntryCopy, isAfter } from '../events/entry.js';
import type { FollowDeps, FrameSink, ShownItems, Silent } from './follower.js';

/**
 * One reader of one run. It first joins the readers, then reads the log from its cursor, then takes the published entries
 * as long as their numbers are contiguous. It reads the log again when they are not, when it was too slow, or when it has
 * received nothing for 3 s. Every event is written once and in order; a new attempt starts a new fence.
 */
export class RunFollower implements Silent, ShownItems, Cursor {
  lastEntryAt = performance.now();

  readonly open = new Set<string>();
  readonly closed = new Set<string>();
  fence = 0;
  seq = 0;
  private reading = false;
  private readAgain = false;
  private sinkFull = false;
  private started = false;
  private hasEarlyCopies = false;
  private stopped = false;
  private runIsOver = false;
  private isLate = false;
  /** The reader resumes: what it has received before is not known here yet. */
  private mustRecall: boolean;
  private readonly take = (entry: EntryCopy): void => this.onCopy(entry);
  private finish: () => void = () => undefined;

  /** Resolves when the run has ended and its last frame is in the sink, or when the reader has left. */
  readonly done = new Promise<void>((resolve) => (this.finish = resolve));

  constructor(
    private readonly deps: FollowDeps,
    private readonly runId: string,
    private readonly sink: FrameSink,
    private readonly after?: Cursor,
  ) {
    if (after) ({ fence: this.fence, seq: this.seq } = after);
    this.mustRecall = after !== undefined;
  }

  /** Joins the run's readers; when this resolves, the run's job may be added. */
  async join(): Promise<void> {
    await this.deps.copies.follow(this.runId, this.take);
  }

  /**
   * Starts writing: until then, nothing is sent to the sink, which may not be open yet. A reader of a run that may have begun
   * already (`fromLog`) reads the log first, and receives its content as a snapshot, unless it has a cursor. `isOver`: the run
   * settled so long ago that its last entry is either in the log by now or will never be.
   */
  start({ fromLog, isOver = false }: { readonly fromLog: boolean; readonly isOver?: boolean }): void {
    this.deps.silence.add(this);
    this.started = true;
    this.isLate = fromLog && !this.after;
    if (fromLog || this.hasEarlyCopies) this.catchUp({ orFinish: isOver });
  }

  /** The run's last entry was delivered. */
  get isOver(): boolean {
    return this.runIsOver;
  }

  /** Ends following. Returns true when no other follower of the run is left in this process. */
  leave(): boolean {
    if (this.stopped) return false;
    this.stopped = true;
    this.deps.silence.remove(this);
    this.finish();
    return this.deps.copies.unfollow(this.runId, this.take, { runIsOver: this.runIsOver });
  }

  onSilence(): void {
    this.lastEntryAt = performance.now();
    this.catchUp({ orFinish: true });
  }

  private onCopy(entry: EntryCopy): void {
    if (this.stopped || this.isOld(entry)) return;
    if (!this.started) this.hasEarlyCopies = true;
    else if (this.reading) this.readAgain = true;
    else if (entry.frames && this.joinsUp(entry) && !this.mustRecall) {
      this.deliver(entry, entry.frames);
      if (this.sinkFull) this.catchUp();
    } else this.catchUp();
  }

  private isOld(entry: EntryCopy): boolean {
    return !isAfter(entry, this);
  }

  private joinsUp(entry: EntryCopy): boolean {
    return entry.first === (entry.fence === this.fence ? this.seq + 1 : 1);
  }

  private continues(entry: Entry): boolean {
    return entry.first <= (entry.fence === this.fence ? this.seq + 1 : 1);
  }

  private deliver(entry: EntryCopy, frames: Buffer): void {
    this.lastEntryAt = performance.now();
    if (this.fence > 0 && entry.fence > this.fence) this.withdrawUnnamed(entry);
    this.fence = entry.fence;
    this.seq = entry.last;
    this.note(entry);
    if (!this.sink.write(frames, entry)) this.sinkFull = true;
    if (entry.end) {
      this.runIsOver = true;
      this.leave();
    }
  }

  private note(shown: Pick<EntryCopy, 'opened' | 'closed'>): void {
    for (const id of shown.opened) {
      this.open.add(id);
      // Opened again: it is no longer finished.
      this.closed.delete(id);
    }
    for (const id of shown.closed) {
      this.open.delete(id);
      this.closed.add(id);
    }
  }

  /**
   * A new attempt names the items that it withdraws. It cannot know those that its predecessor announced after it had looked;
   * they are only known here.
   */
  private withdrawUnnamed(entry: EntryCopy): void {
    const unnamed = [...this.open].filter((id) => !entry.closed.includes(id));
    const events = unnamed.map((id) => encodeEvent({ type: 'thread.item.removed', item_id: id }));
    if (unnamed.length > 0) this.sink.write(Buffer.from(events.join('')));
    this.open.clear();
  }

  /** One read at a time; entries that arrive meanwhile cause another. */
  private catchUp(options: { readonly orFinish?: boolean } = {}): void {
    if (this.reading || this.stopped) return;
    this.reading = true;
    this.readUntilLevel(options.orFinish ?? false)
      .catch((error: Error) => this.deps.onError(error))
      .finally(() => (this.reading = false));
  }

  private async readUntilLevel(orFinish: boolean): Promise<void> {
    do {
      if (this.sinkFull) {
        await this.sink.drained();
        this.sinkFull = false;
      }
      this.readAgain = false;
      await (orFinish ? this.readOrFinish() : this.readLog());
    } while ((this.readAgain || this.sinkFull) && !this.stopped);
  }

  private async readOrFinish(): Promise<void> {
    // The row first: when it is settled, the last entry of the run is either in the log by now or will never be.
    const settled = await this.deps.isSettled(this.runId);
    await this.readLog().catch((error: Error) => {
      if (!settled) throw error;
      this.deps.onError(error);
    });
    if (!settled || this.stopped || this.sinkFull) return;
    const frames = await this.deps.finishFromStore(this.runId, this);
    if (this.stopped) return;
    this.sink.write(frames, { fence: this.fence, last: this.seq, end: true });
    this.leave();
  }

  private async readLog(): Promise<void> {
    if (this.mustRecall) await this.recall();
    if (this.fence === 0 && this.isLate) return this.readSnapshot();
    for (let isMore = true; isMore && !this.stopped && !this.sinkFull;) {
      const entries = await this.deps.log.readAfter(this.runId, this, READ_AT_ONCE);
      isMore = this.deliverWhatJoinsUp(entries) && entries.length === READ_AT_ONCE;
    }
  }

  /** Finds out from the log what the reader received before it reconnected. */
  private async recall(): Promise<void> {
    for (let from: Cursor = { fence: 0, seq: 0 }, isMore = true; isMore;) {
      const entries = await this.deps.log.readAfter(this.runId, from, READ_AT_ONCE);
      for (const entry of entries.filter((one) => this.isOld(one))) {
        // A new attempt has withdrawn the open items of its predecessor.
        if (entry.fence > from.fence) this.open.clear();
        this.note(entry);
        from = { fence: entry.fence, seq: entry.last };
      }
      const last = entries.at(-1);
      isMore = entries.length === READ_AT_ONCE && last !== undefined && this.isOld(last);
    }
    this.mustRecall = false;
  }

  /**
   * Delivers entries of the log. One of a merged log begins before the cursor where it leaves out what this reader has, or what
   * it need not have any more.
   *
   * Returns whether the cursor reached the last entry. It does not when the log itself has a gap: entries after the gap wait
   * for the next attempt, or come from Postgres when the run settles.
   */
  private deliverWhatJoinsUp(entries: readonly Entry[]): boolean {
    for (const entry of entries) {
      if (!this.stopped && !this.sinkFull && !this.isOld(entry) && this.continues(entry))
        this.deliver(entry, entry.frames);
    }
    const last = entries.at(-1);
    return last !== undefined && this.isOld(last);
  }

  private async readSnapshot(): Promise<void> {
    const entries = newestFence(await this.deps.log.readAfter(this.runId));
    const [first, last] = [entries[0], entries.at(-1)];
    if (!first || !last || this.stopped || first.first !== 1) return;
    const merged: EntryCopy = {
      ...last,
      opened: entries.flatMap((entry) => entry.opened),
      closed: entries.flatMap((entry) => entry.closed),
    };
    this.deliver(merged, this.deps.snapshot(Buffer.concat(entries.map((entry) => entry.frames))));
  }
}

/** A slow reader catches up in batches of this many entries, rather than with all of them after every pause. */
const READ_AT_ONCE = 64;

/** The entries of the newest attempt, which begins by withdrawing the items that earlier ones announced. */
function newestFence(entries: readonly Entry[]): readonly Entry[] {
  const fence = entries.at(-1)?.fence;
  return entries.filter((entry) => entry.fence === fence);
}
