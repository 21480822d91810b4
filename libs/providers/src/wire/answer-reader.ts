import type { SseFrame } from '../http/sse-frames.js';
import type { StreamPart } from '../spec/stream-part.js';

/** Reads one answer of one wire format into parts: its frames one after the other, or all of it at once. */
export interface AnswerReader {
  /** The provider has said that the answer is over: nothing of it is missing, whatever becomes of the connection. */
  readonly finished: boolean;
  /** The parts since the last call. */
  take(): readonly StreamPart[];
  /** One frame of a stream. @returns whether it is the last one. @throws ProviderError for an error object */
  frame(json: unknown): boolean;
  /** Whether a frame is the end marker, for readers that know others than `[DONE]`. */
  ends?(frame: SseFrame): boolean;
  /** A frame that is no JSON: skipped, and counted among the frames that nobody could read. */
  unreadable(data: string): void;
  /** Its {@link end} makes sense of frames that are no JSON, if it can. */
  readonly readsLate?: boolean;
  /** The body of a server that does not stream. @throws ProviderError for an error object */
  whole(json: unknown): void;
  /** No more comes. `marked`: a `[DONE]` was seen. @throws ProviderError when that was not all of an answer */
  end(marked: boolean): void;
}
