import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';

/** One server-sent event; `event` is absent for the default type. */
export interface SseFrame {
  readonly event?: string | undefined;
  readonly data: string;
}

/** No provider sends a single event near this size; without a bound a broken one could fill the memory. */
const MAX_FRAME_CHARACTERS = 32 * 1024 * 1024;

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads a text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html) and yields the frames that each
 * network chunk completed, together: awaiting every frame on its own costs more than parsing it.
 * A last frame without the blank line behind it counts, since servers do drop it.
 */
export async function* sseFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly SseFrame[], void, undefined> {
  let frames: SseFrame[] = [];
  const parser = createParser({ onEvent: (frame) => frames.push(frame), maxBufferSize: MAX_FRAME_CHARACTERS });
  // A character may be cut by a chunk's border: the decoder holds its first bytes back.
  const decoder = new StringDecoder('utf8');
  let started = false;
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    // The parser knows a byte order mark only as three undecoded bytes.
    parser.feed(started || text.charCodeAt(0) !== BYTE_ORDER_MARK ? text : text.slice(1));
    started ||= text.length > 0;
    if (frames.length === 0) continue;
    const complete = frames;
    frames = [];
    yield complete;
  }
  parser.feed(`${decoder.end()}\n\n`);
  if (frames.length > 0) yield frames;
}
