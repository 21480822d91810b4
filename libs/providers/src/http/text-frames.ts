import type { SseFrame } from './sse-frames.js';

/** Whether frames are JSON or the texts of an answer; undecided: what they look like. */
export type FrameContent = 'json' | 'text' | undefined;

/** The end of a stream, in JSON and in text. */
const DONE = '[DONE]';

/**
 * Frames that may be plain text, as JSON strings for readers of JSON. Undecided frames are text when the first two of them, or the only
 * one, are neither objects, lists nor quoted: a single one before JSON is a greeting.
 */
export async function* textFrames(
  stream: AsyncIterable<readonly SseFrame[]>,
  declared: FrameContent,
): AsyncGenerator<readonly SseFrame[], void, undefined> {
  let content = declared;
  let held: SseFrame[] = [];
  for await (const frames of stream) {
    if (content) {
      yield content === 'json' ? frames : frames.map(asJson);
      continue;
    }
    held.push(...frames);
    content = contentOf(held);
    if (!content) continue;
    yield content === 'json' ? held : held.map(asJson);
    held = [];
  }
  if (held.length > 0) yield held.some(isText) ? held.map(asJson) : held;
}

function contentOf(frames: readonly SseFrame[]): FrameContent {
  if (frames.some(({ data }) => /^\s*[{["]/.test(data) && data.trim() !== DONE)) return 'json';
  return frames.filter(isText).length > 1 ? 'text' : undefined;
}

const isText = ({ data }: SseFrame): boolean => data.trim() !== '' && data.trim() !== DONE;

const asJson = (frame: SseFrame): SseFrame =>
  frame.data.trim() === DONE ? frame : { ...frame, data: JSON.stringify(frame.data) };
