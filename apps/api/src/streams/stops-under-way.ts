import { setImmediate as nextLoop } from 'node:timers/promises';

/**
 * The streams of this process by thread, and the stops that it is asking for. A person who stops an answer and sends at
 * once means this order: the message is admitted when the stop is known, and the lifecycle then waits for what the
 * stopped turn leaves (CX-8).
 */
export class StopsUnderWay {
  private readonly streams = new Map<string, number>();
  private readonly byThread = new Map<string, Promise<unknown>>();

  streamOpened(threadId: string): void {
    this.streams.set(threadId, (this.streams.get(threadId) ?? 0) + 1);
  }

  streamEnded(threadId: string): void {
    const left = (this.streams.get(threadId) ?? 1) - 1;
    if (left > 0) this.streams.set(threadId, left);
    else this.streams.delete(threadId);
  }

  add(threadId: string, asked: Promise<unknown>): void {
    const done: Promise<void> = asked.then(
      () => this.remove(threadId, done),
      () => this.remove(threadId, done),
    );
    this.byThread.set(threadId, done);
  }

  /** Resolves when no stop of the thread is on its way any more. */
  async known(threadId: string): Promise<void> {
    if (this.streams.has(threadId)) {
      // A socket that closed before this request was sent is told of at the end of the event loop's round, after it.
      await nextLoop();
      await nextLoop();
    }
    await this.byThread.get(threadId);
  }

  private remove(threadId: string, done: Promise<unknown>): void {
    if (this.byThread.get(threadId) === done) this.byThread.delete(threadId);
  }
}
