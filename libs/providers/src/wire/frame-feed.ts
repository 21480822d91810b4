import { operatorDetail } from '../http/operator-detail.js';
import type { SseFrame } from '../http/sse-frames.js';
import { ProviderError } from '../spec/provider-error.js';
import type { AnswerReader } from './answer-reader.js';
import { type FailureContext, streamFailure } from './errors.js';

/** How proxies keep a quiet stream alive; nothing of it is meant for us. */
const KEEP_ALIVE: ReadonlySet<string> = new Set(['ping', 'pong', 'keepalive', 'keep-alive', 'heartbeat']);

/**
 * Gives the frames of an answer to its reader. A frame that is no JSON is skipped and counted, wherever it stands; it fails an answer
 * that holds nothing else, or that it ends.
 */
export class FrameFeed {
  /** The end marker came (`marked`), or the reader has had its last frame. */
  #progress: 'more' | 'marked' | 'over' = 'more';
  #readable = 0;
  #firstUnreadable: string | undefined;
  #lastIsUnreadable = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly reader: AnswerReader,
    private readonly context: FailureContext,
    private readonly contentType: string | undefined,
    private readonly seen?: (frame: SseFrame) => void,
  ) {}

  /** No further frame is wanted. */
  get isOver(): boolean {
    return this.#progress !== 'more';
  }

  /** There is something for {@link check} to throw. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** The provider has said that the answer is over. */
  get isFinished(): boolean {
    return this.reader.finished;
  }

  /** A failure among them is kept for {@link check}: what came before it can be taken from the reader first. */
  take(frames: readonly SseFrame[]): void {
    try {
      for (const frame of frames) {
        this.seen?.(frame);
        if (this.isOver) return;
        this.#take(frame);
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** @throws what the reader has thrown, a ProviderError for the report of a failure */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** All of an answer in one body. What is no JSON, and what the reader throws, is kept for {@link check}. */
  whole(text: string): void {
    this.seen?.({ data: text });
    this.#keepingFailure(() => {
      const json = tryJson(text);
      if (json === undefined) throw this.#malformed(text);
      this.reader.whole(json);
      this.reader.end(true);
    });
  }

  /**
   * No more comes. Half an answer, and one that holds nothing but what is no JSON, is a failure for {@link check}.
   * @param beginning of the body, which is looked at when no frame came
   */
  end(beginning = ''): void {
    this.#keepingFailure(() => {
      if (!this.reader.finished && !this.isOver) this.#checkReadable(beginning);
      this.reader.end(this.#progress === 'marked');
    });
  }

  #checkReadable(beginning: string): void {
    if (this.#readable === 0 && this.#firstUnreadable === undefined && beginning.trim() !== '') {
      throw this.#malformed(beginning);
    }
    if (this.#lastIsUnreadable && !this.reader.readsLate) throw this.#malformed(this.#firstUnreadable ?? '');
  }

  #keepingFailure(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#failure = { error };
    }
  }

  #take(frame: SseFrame): void {
    const { event, data } = frame;
    const trimmed = data.trim();
    if (trimmed === '[DONE]' || this.reader.ends?.(frame)) {
      this.#progress = 'marked';
      return;
    }
    if (trimmed === '' || (event !== undefined && KEEP_ALIVE.has(event))) return;
    const json = tryJson(data);
    if (event === 'error' && !this.reader.finished) throw streamFailure(this.context, json ?? trimmed);
    if (json === undefined) return this.#unreadable(frame);
    this.#readable += 1;
    this.#lastIsUnreadable = false;
    if (this.reader.frame(json)) this.#progress = 'over';
  }

  /** Some servers put only one line break between their events, which makes them one, and some proxies write `data:` twice. */
  #unreadable({ event, data }: SseFrame): void {
    const lines = data.split('\n').map((line) => line.replace(/^\s*data:/, ''));
    if (lines.length > 1 || lines[0] !== data) {
      for (const line of lines) if (!this.isOver) this.#take({ event, data: line });
      return;
    }
    this.#firstUnreadable ??= data;
    this.#lastIsUnreadable = true;
    this.reader.unreadable(data);
  }

  /** Its length and its type: the text may be an answer, which no log may hold. */
  #malformed(text: string): ProviderError {
    const { ref, secrets } = this.context;
    const what = `${text.length} characters of ${this.contentType ?? 'no content type'}`;
    const detail = operatorDetail(`expected JSON, got something else: ${what}`, secrets);
    return new ProviderError('malformed_response', { ref, detail });
  }
}

/** Undefined for what is none: no JSON is undefined. */
function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
