import type { Encoding } from '../recordings/recording.js';

const LF = 10;
const CR = 13;

/** A recorded body in its frames, each with what ends it: events, lines, or all of it. */
export function framesOf(body: Buffer, encoding: Encoding): Buffer[] {
  if (encoding === 'json') return [body];
  const frames: Buffer[] = [];
  let from = 0;
  while (from < body.length) {
    const end = encoding === 'ndjson' ? endOfLine(body, from) : endOfEvent(body, from);
    frames.push(body.subarray(from, end));
    from = end;
  }
  return frames;
}

function endOfLine(body: Buffer, from: number): number {
  const at = body.indexOf(LF, from);
  return at < 0 ? body.length : at + 1;
}

/** Behind the blank lines. */
function endOfEvent(body: Buffer, from: number): number {
  const ends = [body.indexOf('\n\n', from), body.indexOf('\r\n\r\n', from)].filter((at) => at >= 0);
  if (ends.length === 0) return body.length;
  let end = Math.min(...ends);
  while (body[end] === LF || body[end] === CR) end += 1;
  return end;
}

/** The same numbers from 0 to 1 for the same seed (xorshift). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 88_675_123;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/**
 * A frame in the pieces in which it is written: `event` or nothing: as one; `utf8`: every character of several bytes is torn;
 * `bytes`: 1 to 7 bytes at random; a number: that many bytes.
 */
export function* piecesOf(frame: Buffer, split: string | null, random: () => number): Generator<Buffer> {
  if (!split || split === 'event') return yield frame;
  let from = 0;
  while (from < frame.length) {
    const end = split === 'utf8' ? endOfTorn(frame, from) : from + sizeOf(split, random);
    yield frame.subarray(from, end);
    from = end;
  }
}

/** In front of the next byte that continues a character. */
function endOfTorn(frame: Buffer, from: number): number {
  const next = frame.subarray(from + 1).findIndex((byte) => (byte & 0xc0) === 0x80);
  return next < 0 ? frame.length : from + 1 + next;
}

function sizeOf(split: string, random: () => number): number {
  return split === 'bytes' ? 1 + Math.floor(random() * 7) : Math.max(1, Number(split) || 1);
}
