/**
 * Stops that this process is asking for. A person who stops an answer and sends at once means this order: the message
 * is admitted when the stop is known, and the lifecycle then waits for what the stopped turn leaves (CX-8).
 */
export class StopsUnderWay {
  private readonly byThread = new Map<string, Promise<unknown>>();

  add(threadId: string, asked: Promise<unknown>): void {
    const done: Promise<void> = asked.then(
      () => this.remove(threadId, done),
      () => this.remove(threadId, done),
    );
    this.byThread.set(threadId, done);
  }

  /** Resolves when no stop of the thread is on its way any more. */
  async known(threadId: string): Promise<void> {
    await this.byThread.get(threadId);
  }

  private remove(threadId: string, done: Promise<unknown>): void {
    if (this.byThread.get(threadId) === done) this.byThread.delete(threadId);
  }
}
