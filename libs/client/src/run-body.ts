import { MarkedFrames } from './marked-frames.js';
import { pauseMs, RefusedError, type Retry, sleep } from './retry.js';

export interface RunBodyOptions {
  /** A connection that is open already. */
  readonly first?: Response | undefined;
  /**
   * Opens the next one, after a cursor, or without one from the beginning. Rejects with `RefusedError` if another try cannot
   * succeed.
   */
  readonly connect: (cursor: string | undefined, signal: AbortSignal) => Promise<Response>;
  readonly retry: Retry;
  /** A connection without data for so long, not even a heartbeat, is closed. 0: never. */
  readonly silenceMs: number;
  /** Called with the frames that are about to be read. */
  readonly onFrames?: ((frames: Uint8Array) => void) | undefined;
  /** Called once, when nothing more comes; `left`: the reader has cancelled. */
  readonly onClosed: (how: 'ended' | 'left' | 'failed') => void;
}

/** A body that ended, or broke, before the run's end. */
class CutError extends Error {
  override readonly name = 'CutError';
}

/**
 * The frames of one run, over as many connections as necessary. The reader sees one stream, without a lost or repeated
 * byte; it fails only if the server refuses to continue, or several tries in a row bring nothing new.
 */
export class RunBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #frames = new MarkedFrames();
  readonly #leaving = new AbortController();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #connection = new AbortController();
  #tries = 0;
  #closed = false;

  constructor(private readonly options: RunBodyOptions) {
    this.#reader = options.first?.body?.getReader();
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#leave(new DOMException('The stream was cancelled.', 'AbortError')),
    });
  }

  /** As for an aborted fetch: the reader's stream fails with the reason. */
  abort(reason: unknown): void {
    if (this.#closed) return;
    this.#controller?.error(reason);
    this.#leave(reason);
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const frames = await this.#next();
      if (this.#closed) return;
      if (frames) {
        this.options.onFrames?.(frames);
        controller.enqueue(frames);
        return;
      }
      this.#close('ended');
      controller.close();
    } catch (error) {
      if (this.#closed) return;
      this.#close('failed');
      controller.error(error);
    }
  }

  /** The next complete frames; undefined if there are no more. */
  async #next(): Promise<Uint8Array | undefined> {
    while (!this.#frames.ended) {
      try {
        const frames = await this.#read();
        if (frames.length > 0) return frames;
      } catch (error) {
        this.#disconnect();
        await this.#pause(error);
      }
    }
    // The connection ends by itself now and can be reused; cancelling would close it.
    this.#reader?.read().catch(() => undefined);
    return undefined;
  }

  async #read(): Promise<Uint8Array> {
    this.#leaving.signal.throwIfAborted();
    const reader = (this.#reader ??= await this.#connect());
    const { done, value } = await this.#unlessSilent(reader.read());
    if (done) throw new CutError('The connection ended before the answer did.');
    const { cursor } = this.#frames;
    const frames = this.#frames.push(value);
    if (this.#frames.cursor !== cursor) this.#tries = 0;
    return frames;
  }

  async #connect(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const response = await this.#unlessSilent(this.options.connect(this.#frames.cursor, signal));
    if (!response.body) throw new CutError('The response has no body.');
    if (this.#closed) await response.body.cancel();
    this.#leaving.signal.throwIfAborted();
    this.#frames.reconnected();
    return response.body.getReader();
  }

  #disconnect(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#connection.abort();
    // Rejects as well if the body has failed.
    reader?.cancel().catch(() => undefined);
  }

  async #pause(error: unknown): Promise<void> {
    const { signal } = this.#leaving;
    signal.throwIfAborted();
    const { retry } = this.options;
    if (error instanceof RefusedError || this.#tries >= retry.attempts) throw error;
    const ms = pauseMs(retry, this.#tries, error);
    this.#tries += 1;
    await sleep(ms, signal);
  }

  async #unlessSilent<T>(answer: Promise<T>): Promise<T> {
    const { silenceMs } = this.options;
    if (silenceMs === 0) return answer;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CutError(`Nothing came for ${silenceMs} ms.`)), silenceMs);
    });
    try {
      return await Promise.race([answer, silent]);
    } finally {
      clearTimeout(timer);
    }
  }

  #leave(reason: unknown): void {
    if (this.#closed) return;
    this.#close('left');
    this.#leaving.abort(reason);
    this.#disconnect();
  }

  #close(how: 'ended' | 'left' | 'failed'): void {
    this.#closed = true;
    this.options.onClosed(how);
  }
}
