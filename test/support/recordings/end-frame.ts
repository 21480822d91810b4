import { readFileSync } from 'node:fs';
import { type Json, list, object } from '../../../libs/providers/src/http/json.js';
import { framesOf } from '../replay-server/frames.js';
import type { Format } from './expected.js';
import type { Recording } from './recording.js';

/** What says that an answer is over. */
const ENDS: Readonly<Record<Format, (frame: Json) => boolean>> = {
  'openai-chat': ({ choices }) =>
    list(choices)
      .map((choice) => object(choice) ?? {})
      .some(({ index = 0, finish_reason: reason }) => index === 0 && Boolean(reason)),
  'openai-responses': ({ type }) => /^(response\.(completed|incomplete|failed)|error)$/.test(String(type)),
  'anthropic-messages': ({ type, delta }) => type === 'message_stop' || Boolean(object(delta)?.['stop_reason']),
  'cohere-v2-chat': ({ type }) => type === 'message-end',
  'ollama-chat': ({ done }) => done === true,
  'hf-tgi': ({ generated_text: all }) => typeof all === 'string',
};

/** Where a recorded stream says that it is over. */
export interface EndFrame {
  /** How many frames come before. */
  readonly index: number;
  /** How many bytes are lost when the stream breaks off within the JSON of that frame. */
  readonly bytesFromWithin: number;
  readonly isLast: boolean;
}

/** The first frame that says that the answer is over, or `[DONE]`; undefined where none does. */
export function endFrameOf({ file, encoding, format }: Recording): EndFrame | undefined {
  const frames = framesOf(readFileSync(file), encoding);
  const index = frames.findIndex((frame) => isEnd(dataOf(frame.toString()), format));
  if (index < 0) return undefined;
  const before = frames[index]!.toString().trimEnd().length - 3;
  const after = frames.slice(index + 1).reduce((sum, frame) => sum + frame.length, 0);
  const within = frames[index]!.length - Buffer.byteLength(frames[index]!.toString().slice(0, before));
  return { index, bytesFromWithin: after + within, isLast: index === frames.length - 1 };
}

function isEnd(data: string, format: Format): boolean {
  if (data === '[DONE]') return true;
  try {
    return ENDS[format](object(JSON.parse(data)) ?? {});
  } catch {
    // A comment, or half a frame.
    return false;
  }
}

/** The JSON of a frame; that of a server-sent event may stand in several lines. */
export function dataOf(frame: string): string {
  const lines = frame.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return (lines.length > 0 ? lines.map((line) => line.slice('data:'.length)).join('\n') : frame).trim();
}
