import { describe, expect, it } from 'vitest';
import { block, type MessageEvent, partsOf, textBlock } from '../../../testing/message-events.js';

const cited = (text: string, ...citations: unknown[]) => [
  ...citations.map((citation) => ({ type: 'citations_delta', citation })),
  { type: 'text_delta', text },
];

function sourcesOf(...events: MessageEvent[]) {
  return partsOf(...events).flatMap((part) => (part.type === 'source' ? [[part.id, part.source]] : []));
}

const document = { cited_text: 'x', document_index: 0, document_title: 'facts.txt' };

describe('citations', () => {
  it.each([
    [
      { type: 'web_search_result_location', url: 'https://x', title: 'X', cited_text: 'x', encrypted_index: 'AA' },
      { type: 'url', url: 'https://x', title: 'X', startIndex: 4, endIndex: 9 },
    ],
    [
      { type: 'search_result_location', source: 'https://y', title: null, search_result_index: 0 },
      { type: 'url', url: 'https://y', startIndex: 4, endIndex: 9 },
    ],
    [
      { type: 'search_result_location', source: 'handbook', title: 'The handbook' },
      { type: 'file', filename: 'The handbook', index: 9 },
    ],
    [
      { type: 'char_location', ...document },
      { type: 'file', filename: 'facts.txt', index: 9 },
    ],
    [
      { type: 'page_location', ...document, file_id: 'file_1' },
      { type: 'file', filename: 'facts.txt', fileId: 'file_1', index: 9 },
    ],
    [
      { type: 'content_block_location', ...document },
      { type: 'file', filename: 'facts.txt', index: 9 },
    ],
  ])('%j is a source of the words that it stands with', (citation, source) => {
    const events = [...textBlock(0, 'Yes,'), ...block(1, { type: 'text' }, ...cited('water', citation))];
    expect(sourcesOf(...events, ...textBlock(2, '.'))).toEqual([['text-0', source]]);
  });

  it('may be several for one passage', () => {
    const both = cited('x', { type: 'char_location', ...document }, { type: 'page_location', ...document });
    expect(sourcesOf(...block(0, { type: 'text' }, ...both))).toHaveLength(2);
  });

  it('stand in the block itself in a whole message', () => {
    const whole = { type: 'text', text: 'water', citations: [{ type: 'char_location', ...document }] };
    expect(sourcesOf(...block(0, whole))).toEqual([['text-0', { type: 'file', filename: 'facts.txt', index: 5 }]]);
  });

  it.each([
    { type: 'char_location', document_title: null },
    { type: 'web_search_result_location' },
    { type: 'surprise_location', url: 'https://x' },
    7,
  ])('%j is none of ours', (citation) => {
    expect(sourcesOf(...block(0, { type: 'text' }, ...cited('x', citation)))).toEqual([]);
  });
});
