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
  const hand = new HandOver();
  const left = new AbortController();
  const running = run(hand.sink, left.signal).then(
    () => hand.close(),
    (error: unknown) => hand.fail(error),
  );
  try {
    for (let event = await hand.take(); event; event = await hand.take()) yield event;
  } finally {
    hand.abandon();
    left.abort(new Abandoned('the answer is not read any more'));
    await running;
  }
}

class Abandoned extends Error {}

interface Offer {
  readonly event: ThreadStreamEvent;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** One event at a time from the writer to the reader. */
class HandOver {
  private offered: Offer | undefined;
  /** What the reader works on. */
  private taken: Offer | undefined;
  private waiting: (() => void) | undefined;
  private over: { readonly error?: unknown } | undefined;

  readonly sink: EventSink = {
    emit: (event) => this.offer(event),
    emitLast: (event) => this.offer(event),
    textDelta: (item_id, content_index, delta) =>
      this.offer({
        type: 'thread.item.updated',
        item_id,
        update: { type: 'assistant_message.content_part.text_delta', content_index, delta },
      }),
  };

  async take(): Promise<ThreadStreamEvent | undefined> {
    this.taken?.resolve();
    this.taken = undefined;
    if (!this.offered && !this.over) await new Promise<void>((resolve) => (this.waiting = resolve));
    const { offered } = this;
    this.offered = undefined;
    if (offered) {
      this.taken = offered;
      return offered.event;
    }
    if (this.over && 'error' in this.over) throw this.over.error;
    return undefined;
  }

  close(): void {
    this.finish({});
  }

  fail(error: unknown): void {
    this.finish(error instanceof Abandoned ? {} : { error });
  }

  /** The reader has left: a writer that waits is stopped, also when its event was taken and the reader never asked again. */
  abandon(): void {
    this.over ??= {};
    const left = new Abandoned('the answer is not read any more');
    this.taken?.reject(left);
    this.offered?.reject(left);
  }

  private offer(event: ThreadStreamEvent): Promise<void> {
    if (this.over) return Promise.reject(new Abandoned('the answer is not read any more'));
    return new Promise((resolve, reject) => {
      this.offered = { event, resolve, reject };
      this.wake();
    });
  }

  private finish(over: { readonly error?: unknown }): void {
    this.over ??= over;
    this.wake();
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }
}
