import { describe, expect, it } from 'vitest';
import { readFrames } from './read-frames.js';

function bodyOf(bytes: Uint8Array, size: number, cancelled?: () => void): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + size));
      at += size;
    },
    cancel: () => cancelled?.(),
  });
}

async function collect(text: string, size: number): Promise<string[]> {
  const frames: string[] = [];
  for await (const frame of readFrames(bodyOf(new TextEncoder().encode(text), size))) frames.push(frame);
  return frames;
}

describe('the frames of an event stream', () => {
  it.each([1, 2, 3, 7, 1000])('are whole when the body comes in pieces of %i bytes', async (size) => {
    const text = 'data: {"a":"grüße 👋 "}\n\n: ping\n\nid: 1-2\ndata: {"b":1}\n\ndata:{"c":2}\r\n\r\n';
    expect(await collect(text, size)).toEqual(['{"a":"grüße 👋 "}', '{"b":1}', '{"c":2}']);
  });

  it('leave out a line that was cut short', async () => {
    expect(await collect('data: {"a":1}\n\ndata: {"b', 4)).toEqual(['{"a":1}']);
  });

  it('are no longer requested when the reader leaves', async () => {
    let cancelled = false;
    const bytes = new TextEncoder().encode('data: 1\n\n'.repeat(100));
    for await (const frame of readFrames(bodyOf(bytes, 9, () => (cancelled = true)))) {
      expect(frame).toBe('1');
      break;
    }
    expect(cancelled).toBe(true);
  });
});
