import type { ThreadStreamEvent } from '#chatkit';
import type { EventSink } from '../output/turn-output.js';

/**
 * The built-in answer as events that an assistant's own code passes on. The next event is made only when the
 * reader asks for it, so that what tools emit meanwhile keeps its place [GF-10]. `left` is aborted when the reader leaves:
 * no further tool runs and no further model is called.
 */
export async function* answerStream(
  run: (sink: EventSink, left: AbortSignal) => Promise<void>,
): AsyncGenerator<ThreadStreamEvent, void, undefined> {
  const channel = new EventChannel();
  const left = new AbortController();
  const running = run(channel.sink, left.signal).then(
    () => channel.close(),
    (error: unknown) => channel.fail(error),
  );
  try {
    for (let event = await channel.next(); event; event = await channel.next()) yield event;
  } finally {
    channel.cancel();
    left.abort(new Abandoned('the answer is not read any more'));
    await running;
  }
}

class Abandoned extends Error {}

/** An event that the writer has sent; settled when the reader asks for the next one, or has left. */
interface SentEvent {
  readonly event: ThreadStreamEvent;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** One event at a time from the writer to the reader. */
class EventChannel {
  private pending: SentEvent | undefined;
  /** What the reader is working on. */
  private current: SentEvent | undefined;
  private wakeReader: (() => void) | undefined;
  private ended: { readonly error?: unknown } | undefined;

  readonly sink: EventSink = {
    emit: (event) => this.send(event),
    emitLast: (event) => this.send(event),
    textDelta: (item_id, content_index, delta) =>
      this.send({
        type: 'thread.item.updated',
        item_id,
        update: { type: 'assistant_message.content_part.text_delta', content_index, delta },
      }),
  };

  async next(): Promise<ThreadStreamEvent | undefined> {
    this.current?.resolve();
    this.current = undefined;
    if (!this.pending && !this.ended) await new Promise<void>((resolve) => (this.wakeReader = resolve));
    const { pending } = this;
    this.pending = undefined;
    if (pending) {
      this.current = pending;
      return pending.event;
    }
    if (this.ended && 'error' in this.ended) throw this.ended.error;
    return undefined;
  }

  close(): void {
    this.finish({});
  }

  fail(error: unknown): void {
    this.finish(error instanceof Abandoned ? {} : { error });
  }

  /** The reader has left: a writer that waits is stopped, also when its event was taken and the reader never asked again. */
  cancel(): void {
    this.ended ??= {};
    const left = new Abandoned('the answer is not read any more');
    this.current?.reject(left);
    this.pending?.reject(left);
  }

  private send(event: ThreadStreamEvent): Promise<void> {
    if (this.ended) return Promise.reject(new Abandoned('the answer is not read any more'));
    return new Promise((resolve, reject) => {
      this.pending = { event, resolve, reject };
      this.wake();
    });
  }

  private finish(ended: { readonly error?: unknown }): void {
    this.ended ??= ended;
    this.wake();
  }

  private wake(): void {
    this.wakeReader?.();
    this.wakeReader = undefined;
  }
}
