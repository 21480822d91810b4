import { Injectable } from '@nestjs/common';

/** A response that is still being sent. */
interface OpenStream {
  /** Ends it now, in a way that shows its reader that something is missing. */
  interrupt(): void;
}

/** The streams that this process serves, so that it can interrupt them when it stops. */
@Injectable()
export class OpenStreams {
  private readonly streams = new Set<OpenStream>();
  private whenEmpty: (() => void) | undefined;
  /** True from the moment of the stop signal. */
  isShuttingDown = false;

  get count(): number {
    return this.streams.size;
  }

  add(stream: OpenStream): void {
    this.streams.add(stream);
  }

  remove(stream: OpenStream): void {
    this.streams.delete(stream);
    if (this.streams.size === 0) this.whenEmpty?.();
  }

  /**
   * Waits for the streams to end by themselves, then interrupts those that are left. Turns continue in the workers; a completion is
   * stopped, since no client can follow it (`onDisconnect`).
   */
  async stop(graceMs: number): Promise<void> {
    this.isShuttingDown = true;
    if (this.streams.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.whenEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    for (const stream of this.streams) stream.interrupt();
  }
}
