import { encodeEvent, type EventOf, type ThreadItem, ThreadStreamEvent, visibleEvent } from '#chatkit';
import { AssistantEventError } from './assistant-event-error.js';
import type { ItemStore } from './item-store.js';
import type { ItemTimes } from './item-times.js';
import { OpenItems } from './open-items.js';
import { TURN_BOUNDS, TurnTooLargeError } from './turn-bounds.js';
import { noteEvent, type OutputWriter } from './note-event.js';
import { othersFirst, Pace } from './pace.js';
import { OpenWorkflow } from './open-workflow.js';

/** What the parts of an answer are written to: the turn's output, or code of the assistant in between. */
export interface EventSink {
  /** The returned promise, if any, must be awaited before the next event. */
  emit(event: ThreadStreamEvent): Promise<void> | undefined;
  /** The hot path: one piece of text of an open assistant message [UP-2]. */
  textDelta(itemId: string, contentIndex: number, delta: string): Promise<void> | undefined;
  /** Like `emit`, for a finished item after which nothing is expected: it may be stored at the turn's own commit. */
  emitLast(event: EventOf<'thread.item.done'>): Promise<void> | undefined;
}

/**
 * Everything that a turn emits, in order: stores what is finished before it is shown [PS-1], holds back what is hidden [HD-1],
 * ends an open workflow when something else appears [WF-4], and writes finished frames into the run's log. Events
 * that need no storing are written at once, so a token costs no promise.
 */
export class TurnOutput implements EventSink {
  /** Ids of the items that this turn made and has not taken back, in order [GF-21]. */
  readonly produced = new Set<string>();
  /** What this turn has finished, in order, as it is now; without what waits for the turn's own commit. */
  readonly finished = new Map<string, ThreadItem>();
  readonly open = new OpenItems();
  readonly workflow: OpenWorkflow;
  private held: EventOf<'thread.item.done'> | undefined;
  /** Set while something is being stored: what comes meanwhile waits for it. */
  private tail: Promise<void> | undefined;
  private readonly pace = new Pace();
  private isFinished = false;
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly writer: OutputWriter,
    private readonly store: ItemStore,
    private readonly signal: AbortSignal,
    private readonly threadId: string,
    readonly times: ItemTimes,
  ) {
    this.workflow = new OpenWorkflow(threadId, times, (event) => this.emit(event));
  }

  emit(event: ThreadStreamEvent): Promise<void> | undefined {
    return this.inOrder(() => this.process(event));
  }

  /** An event of an assistant's own code: checked, completed with defaults, and a copy from here on. */
  async emitChecked(event: unknown): Promise<void> {
    const parsed = ThreadStreamEvent.safeParse(event);
    if (!parsed.success) throw AssistantEventError.of(event, parsed.error);
    const { data } = parsed;
    if ('item' in data && data.item.thread_id !== this.threadId) throw AssistantEventError.ofThread(data.item);
    await this.emitOwn(data);
  }

  /** An event that an assistant's own code has made with our helpers. A refusal, too, lets others go first: code may try again. */
  async emitOwn(event: ThreadStreamEvent): Promise<void> {
    await this.pace.next();
    try {
      await this.emit(event);
    } catch (error) {
      await othersFirst();
      throw error;
    }
  }

  textDelta(itemId: string, contentIndex: number, delta: string): Promise<void> | undefined {
    if (this.tail) return this.inOrder(() => this.appendText(itemId, contentIndex, delta));
    this.assertGoesOn();
    return this.appendText(itemId, contentIndex, delta);
  }

  emitLast(event: EventOf<'thread.item.done'>): Promise<void> | undefined {
    return this.inOrder(() => {
      const waiting = this.releaseHeld();
      const hold = (): void => {
        this.held = event;
        this.open.end(event.item.id);
      };
      return waiting ? waiting.then(hold) : hold();
    });
  }

  /** Stores and shows what was held back for the turn's own commit. */
  async flush(): Promise<void> {
    await this.inOrder(() => this.releaseHeld());
    await this.tail;
    if (this.failure) throw this.failure.error;
  }

  /**
   * The end: waits for what is under way, and returns the finished item that is not stored yet, if there is one. Code
   * that was left behind can emit nothing more.
   */
  async finish(): Promise<EventOf<'thread.item.done'> | undefined> {
    this.isFinished = true;
    await this.tail;
    const { held } = this;
    this.held = undefined;
    return held;
  }

  /** Stores an open workflow as it is, and shows nothing [WF-6]. */
  async storeWorkflow(): Promise<void> {
    const item = this.workflow.leave();
    if (item) await this.inOrder(async () => void (await this.store.store(item)));
  }

  /** Takes back everything that this turn produced [GF-21]. */
  async withdraw(): Promise<void> {
    await this.tail;
    this.held = undefined;
    await this.store.remove([...this.produced]);
    for (const item_id of this.produced) this.show({ type: 'thread.item.removed', item_id });
    this.open.clear();
    this.workflow.leave();
  }

  private inOrder(work: () => Promise<void> | void): Promise<void> | undefined {
    this.assertGoesOn();
    if (!this.tail) {
      const underWay = work();
      return underWay ? this.queue(underWay) : undefined;
    }
    return this.queue(
      this.tail.then(() => {
        if (this.failure) throw this.failure.error;
        this.signal.throwIfAborted();
        return work();
      }),
    );
  }

  private assertGoesOn(): void {
    this.signal.throwIfAborted();
    if (this.isFinished) throw new Error('The turn is over.');
  }

  private queue(work: Promise<void>): Promise<void> {
    // Assistants may not await a helper's promise: its failure is the turn's, never the process's.
    const settled = work.catch((error: unknown) => void (this.failure ??= { error }));
    const tail: Promise<void> = settled.then(() => this.release(tail));
    this.tail = tail;
    work.catch(() => undefined);
    return work;
  }

  private release(tail: Promise<void>): void {
    if (this.tail === tail) this.tail = undefined;
  }

  private process(event: ThreadStreamEvent): Promise<void> | void {
    const waiting = this.releaseHeld();
    if (waiting) return waiting.then(() => this.dispatch(event));
    return this.dispatch(event);
  }

  private releaseHeld(): Promise<void> | undefined {
    const { held } = this;
    this.held = undefined;
    return held && this.done(held);
  }

  private dispatch(event: ThreadStreamEvent): Promise<void> | void {
    switch (event.type) {
      case 'thread.item.added':
        return this.afterWorkflow(event.item, () => this.added(event));
      case 'thread.item.done':
        return this.afterWorkflow(event.item, () => this.done(event));
      case 'thread.item.updated':
        return this.updated(event);
      case 'thread.item.replaced':
        return this.replaced(event);
      case 'thread.item.removed':
        return this.removed(event);
      case 'thread.created':
      case 'thread.updated':
      case 'stream_options':
      case 'progress_update':
      case 'client_effect':
      case 'notice':
      case 'error':
        this.show(event);
    }
  }

  /** [WF-4]: what is shown beside an open workflow ends it first. */
  private afterWorkflow(item: ThreadItem, then: () => Promise<void> | void): Promise<void> | void {
    const ending = this.workflow.endsBefore(item);
    return ending ? this.done(ending).then(then) : then();
  }

  private added(event: EventOf<'thread.item.added'>): void {
    const { item } = event;
    this.produce(item.id);
    if (item.type === 'workflow') this.workflow.adopt(item);
    else this.open.begin(item);
    this.show(event);
  }

  private async done(event: EventOf<'thread.item.done'>): Promise<void> {
    const { item } = event;
    if (item.type === 'workflow') this.workflow.close(item.id);
    if (!this.workflow.isContinued(item.id)) this.produce(item.id);
    const stored = await this.store.store(item);
    this.finished.set(item.id, stored);
    this.open.end(item.id);
    this.show({ ...event, item: stored });
  }

  private produce(itemId: string): void {
    this.produced.add(itemId);
    if (this.produced.size > TURN_BOUNDS.items) throw new TurnTooLargeError('items', 'items');
  }

  private updated(event: EventOf<'thread.item.updated'>): Promise<void> | void {
    const { item_id: itemId, update } = event;
    if (update.type === 'assistant_message.content_part.text_delta' && this.open.has(itemId)) {
      return this.appendText(itemId, update.content_index, update.delta);
    }
    this.workflow.follow(itemId, update);
    this.open.update(event);
    this.show(event);
  }

  private async replaced(event: EventOf<'thread.item.replaced'>): Promise<void> {
    const item = await this.store.store(event.item);
    if (this.finished.has(item.id)) this.finished.set(item.id, item);
    this.open.end(item.id);
    this.show({ ...event, item });
  }

  private async removed(event: EventOf<'thread.item.removed'>): Promise<void> {
    await this.store.remove([event.item_id]);
    this.finished.delete(event.item_id);
    this.produced.delete(event.item_id);
    this.open.end(event.item_id);
    this.show(event);
  }

  private appendText(itemId: string, contentIndex: number, delta: string): undefined {
    const frame = this.open.appendText(itemId, contentIndex, delta);
    this.writer.write(
      frame ??
        encodeEvent({
          type: 'thread.item.updated',
          item_id: itemId,
          update: { type: 'assistant_message.content_part.text_delta', content_index: contentIndex, delta },
        }),
    );
  }

  private show(event: ThreadStreamEvent): void {
    const visible = visibleEvent(event);
    if (!visible) return;
    this.writer.write(encodeEvent(visible));
    noteEvent(this.writer, visible);
  }
}
