import { setImmediate as nextLoop } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/**
 * The streams of this process by thread, and its pending stop requests. A user who stops an answer and sends a
 * message right after it expects this order: the message is admitted once the stop is stored, and admission then
 * waits for the output of the stopped turn [CX-8].
 */
@Injectable()
export class PendingStops {
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

  /** Resolves when every stop of the thread that this process has requested has been stored, or has failed. */
  async stored(threadId: string): Promise<void> {
    if (this.streams.has(threadId)) {
      // A socket that closed before this request was sent is reported at the end of the event loop's round, after it.
      await nextLoop();
      await nextLoop();
    }
    await this.byThread.get(threadId);
  }

  private remove(threadId: string, done: Promise<unknown>): void {
    if (this.byThread.get(threadId) === done) this.byThread.delete(threadId);
  }
}
