import { describe, expect, it } from 'vitest';
import { parseFrames } from '../fold/parse-frames.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import { aUserMessage, textDelta } from '../testing/index.js';
import { encodeEvent, HEARTBEAT, textDeltaEncoder } from './encode-sse.js';

const texts = [
  '',
  'Hello',
  'a "quote" and a \\',
  'two\nlines\r\n\n',
  '\u2028\u2029\0',
  'é 日本 👩‍👩‍👧',
  '\ud83d',
  '\ude00 alone',
];

function payload(frame: string): unknown {
  return JSON.parse(frame.slice('data: '.length));
}

describe('encodeEvent', () => {
  it.each(texts)('makes one frame of one line with %j [TR-4]', (text) => {
    const event: ThreadStreamEvent = { type: 'progress_update', text };
    const frame = encodeEvent(event);
    expect(frame).toMatch(/^data: \{[^\r\n]*\}\n\n$/);
    expect(payload(frame)).toEqual(event);
  });

  it('is well-formed UTF-8 even with half a character [SER-6]', () => {
    const frame = encodeEvent({ type: 'progress_update', text: '\ud83d' });
    expect(Buffer.from(frame).toString()).toBe(frame);
  });

  it('leaves out what is absent and keeps nulls of free-form values [SER-1] [SER-2]', () => {
    const tag = { type: 'input_tag' as const, id: 't', text: 'T', data: { paid_at: null }, interactive: false };
    const item = aUserMessage({ content: [{ ...tag, group: undefined }], quoted_text: undefined });
    expect(payload(encodeEvent({ type: 'thread.item.done', item }))).toStrictEqual({
      type: 'thread.item.done',
      item: aUserMessage({ content: [tag] }),
    });
  });
});

describe('textDeltaEncoder', () => {
  it.each(texts)('says the same as encodeEvent: %j', (delta) => {
    const encode = textDeltaEncoder('msg_"1"', 3);
    expect(payload(encode(delta))).toStrictEqual(payload(encodeEvent(textDelta('msg_"1"', 3, delta))));
    expect(encode(delta)).toMatch(/^data: \{[^\r\n]*\}\n\n$/);
  });
});

describe('HEARTBEAT', () => {
  it('is a comment that stands alone and carries no event', () => {
    const event: ThreadStreamEvent = { type: 'progress_update', text: 'Looking' };
    expect(HEARTBEAT).toMatch(/^:[^\n]*\n\n$/);
    expect(parseFrames(HEARTBEAT + encodeEvent(event) + HEARTBEAT)).toEqual([event]);
  });
});
