import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../../spec/stream-part.js';
import { added, completed, done, event, partsOf, readerOf } from '../../../../testing/response-events.js';

const message = { type: 'message', id: 'msg_1' };
const textOf = (parts: readonly StreamPart[]) => parts.map((part) => (part.type === 'text-delta' ? part.text : ''));

const annotation = (one: object, index?: number) =>
  event('output_text.annotation.added', { annotation: one, annotation_index: index });

describe('a message', () => {
  it('has a block for each content part, all of one message', () => {
    const parts = partsOf(
      added(0, message),
      event('content_part.added', { part: { type: 'output_text', text: '' } }),
      event('output_text.delta', { delta: 'a' }),
      event('content_part.done', { part: { type: 'output_text', text: 'a' } }),
      event('output_text.delta', { delta: 'b', content_index: 1 }),
      done(0, { ...message, content: [{ text: 'a' }, { text: 'b' }] }),
    );
    expect(parts).toEqual([
      { type: 'text-start', id: 'text-0', messageId: 'msg_1' },
      { type: 'text-delta', id: 'text-0', text: 'a' },
      { type: 'text-end', id: 'text-0' },
      { type: 'text-start', id: 'text-1', messageId: 'msg_1' },
      { type: 'text-delta', id: 'text-1', text: 'b' },
      { type: 'text-end', id: 'text-1' },
    ]);
  });

  it.each([
    ['in output_text.done', [event('output_text.done', { text: 'Hi' })]],
    ['in content_part.done', [event('content_part.done', { part: { type: 'output_text', text: 'Hi' } })]],
    ['in the finished item', [done(0, { ...message, content: [{ type: 'output_text', text: 'Hi' }] })]],
    ['in part in the deltas', [event('output_text.delta', { delta: 'H' }), event('output_text.done', { text: 'Hi' })]],
    ['as a refusal', [event('refusal.done', { refusal: 'Hi' })]],
    [
      'everywhere, twice',
      [
        event('output_text.delta', { delta: 'Hi' }),
        event('output_text.done', { text: 'Hi' }),
        event('content_part.done', { part: { text: 'Hi' } }),
        done(0, { ...message, content: [{ text: 'Hi' }] }),
        done(0, { ...message, content: [{ text: 'Hi' }] }),
      ],
    ],
  ])('is reported once when its text is there %s', (_, events) => {
    expect(textOf(partsOf(...events)).join('')).toBe('Hi');
    expect(textOf(partsOf(added(0, message), ...events)).join('')).toBe('Hi');
  });

  it('keeps what was streamed where the end tells otherwise', () => {
    const parts = partsOf(event('output_text.delta', { delta: 'one' }), event('output_text.done', { text: 'another' }));
    expect(textOf(parts).join('')).toBe('one');
  });

  it('is there when only the final event holds it, and not twice when it was streamed', () => {
    const output = [{ ...message, content: [{ type: 'output_text', text: 'late' }] }];
    const late = readerOf([completed({ output })]);
    expect(textOf(late.take()).join('')).toBe('late');
    // A place of its own: what the final output leaves out shifts the places in it.
    const delta = event('output_text.delta', { delta: 'late', output_index: 1 });
    const streamed = readerOf([delta, completed({ output })]);
    expect(textOf(streamed.take()).join('')).toBe('late');
  });

  it('goes by its place, since some servers change its id with each event', () => {
    const parts = partsOf(
      added(0, message),
      event('output_text.delta', { delta: 'a', item_id: 'x' }),
      event('output_text.delta', { delta: 'b', item_id: 'y' }),
    );
    expect(parts.filter((part) => part.type === 'text-start')).toHaveLength(1);
  });

  it('goes by its id where a server leaves the place out', () => {
    const parts = partsOf(
      { type: 'response.output_text.delta', item_id: 'x', delta: 'a' },
      { type: 'response.output_text.delta', item_id: 'y', delta: 'b' },
    );
    expect(parts.filter((part) => part.type === 'text-start').map((part) => part.messageId)).toEqual(['x', 'y']);
  });
});

describe('annotations', () => {
  const url = { type: 'url_citation', url: 'https://x', title: 'X', start_index: 1, end_index: 4 };
  const cited = { type: 'url', url: 'https://x', title: 'X', startIndex: 1, endIndex: 4 };

  it.each([
    [url, cited],
    [
      { type: 'file_citation', filename: 'a.pdf', file_id: 'f', index: 3 },
      { type: 'file', filename: 'a.pdf', fileId: 'f', index: 3 },
    ],
    [
      { type: 'container_file_citation', filename: 'b', file_id: 'g', start_index: 1, end_index: 9 },
      { type: 'file', filename: 'b', fileId: 'g', index: 9 },
    ],
  ])('reads %j', (one, source) => {
    const parts = partsOf(event('output_text.delta', { delta: 'text' }), annotation(one));
    expect(parts.filter((part) => part.type === 'source')).toEqual([{ type: 'source', id: 'text-0', source }]);
  });

  it.each([{ type: 'file_citation', file_id: 'f' }, { type: 'file_path', file_id: 'f' }, { type: 'url_citation' }, 7])(
    'drops %j',
    (one) => {
      const parts = partsOf(event('output_text.delta', { delta: 'x' }), annotation(one as object));
      expect(parts.some((part) => part.type === 'source')).toBe(false);
    },
  );

  it('are reported once, although the finished part and item repeat them', () => {
    const part = { type: 'output_text', text: 'x', annotations: [{ type: 'file_path' }, url] };
    const whole = [event('content_part.done', { part }), done(0, { ...message, content: [part] })];
    const streamed = [annotation({ type: 'file_path' }, 0), annotation(url, 1), annotation(url, 1)];
    for (const events of [whole, [event('output_text.delta', { delta: 'x' }), ...streamed, ...whole]]) {
      expect(partsOf(...events).flatMap((one) => (one.type === 'source' ? [one.source] : []))).toEqual([cited]);
    }
  });
});
