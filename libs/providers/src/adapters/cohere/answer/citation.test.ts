import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../spec/stream-part.js';
import { cohereParts, textEvents, thinkingEvents, wholeParts } from '../../../testing/cohere-events.js';
import { sourcesOf } from './citation.js';

const place = { start: 2, end: 5, text: 'abc' };
const document = (id: string, fields: object) => ({ type: 'document', id, document: { id, ...fields } });
const tool = (fields: object) => ({ type: 'tool', id: 'f_1:0', tool_output: fields });

describe('a source', () => {
  it.each([
    [
      document('d', { title: 'T', url: 'https://x', snippet: '' }),
      { type: 'url', url: 'https://x', title: 'T', startIndex: 2, endIndex: 5 },
    ],
    [document('d', { url: 'http://x' }), { type: 'url', url: 'http://x', startIndex: 2, endIndex: 5 }],
    [document('d', { title: 'T' }), { type: 'file', filename: 'T', fileId: 'd', index: 5 }],
    [document('d', { url: 'javascript:x' }), { type: 'file', filename: 'd', fileId: 'd', index: 5 }],
    [document('doc:0', {}), { type: 'file', filename: 'doc:0', fileId: 'doc:0', index: 5 }],
    [
      { type: 'document', id: 'd' },
      { type: 'file', filename: 'd', fileId: 'd', index: 5 },
    ],
    [tool({ title: 'T', url: 'https://x' }), { type: 'url', url: 'https://x', title: 'T', startIndex: 2, endIndex: 5 }],
    [tool({ title: 'T' }), { type: 'file', filename: 'T', fileId: 'f_1:0', index: 5 }],
  ])('%j is %j', (source, expected) => {
    expect(sourcesOf({ ...place, sources: [source] })).toEqual([expected]);
  });

  it('is none when it names nothing that a person could look up', () => {
    expect(sourcesOf({ ...place, sources: [tool({ temperature: '5' }), { type: 'document' }, 7] })).toEqual([]);
    expect(sourcesOf({ ...place, sources: null })).toEqual([]);
    expect(sourcesOf(undefined)).toEqual([]);
  });

  it('is one of several for the same place', () => {
    const sources = [document('a', {}), document('b', {})];
    expect(sourcesOf({ ...place, sources }).map((one) => 'filename' in one && one.filename)).toEqual(['a', 'b']);
  });

  it('is of the text, not of the thoughts and the plan', () => {
    const sources = [document('a', {})];
    const of = (type: string) => sourcesOf({ ...place, type, sources }).length;
    expect([of('TEXT_CONTENT'), of('THINKING_CONTENT'), of('PLAN')]).toEqual([1, 0, 0]);
  });
});

const cited = (name: string, fields: object = {}) => ({ ...place, sources: [document(name, {})], ...fields });

/** The names of the sources by the text block they belong to. */
function byBlock(parts: readonly StreamPart[]): [string | undefined, string][] {
  return parts.flatMap((part) =>
    part.type === 'source' && part.source.type === 'file' ? [[part.id, part.source.filename]] : [],
  );
}

describe('citations', () => {
  it('belong to the text that is being said', () => {
    const parts = cohereParts(
      ...textEvents(0, ['abcde'], [cited('a'), cited('b')]),
      ...textEvents(1, ['x'], [cited('c')]),
    );
    expect(byBlock(parts)).toEqual([
      ['text-0', 'a'],
      ['text-0', 'b'],
      ['text-1', 'c'],
    ]);
  });

  it('belong to no block behind the end of the text', () => {
    const late = { type: 'citation-start', index: 0, delta: { message: { citations: cited('a') } } };
    expect(byBlock(cohereParts(...textEvents(0, ['abcde']), late))).toEqual([[undefined, 'a']]);
    expect(byBlock(cohereParts(...textEvents(0, ['x']), ...thinkingEvents(1, ['y']), late))).toEqual([
      [undefined, 'a'],
    ]);
  });

  it('of a whole answer belong to the content that they name, or to its only text', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'two' },
    ];
    const citations = [cited('a', { content_index: 0 }), cited('b', { content_index: 2 }), cited('c')];
    expect(byBlock(wholeParts({ content, citations }))).toEqual([
      ['text-0', 'a'],
      ['text-2', 'b'],
      ['text-2', 'c'],
    ]);
  });
});
