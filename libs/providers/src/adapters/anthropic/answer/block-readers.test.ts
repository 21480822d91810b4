import { describe, expect, it } from 'vitest';
import { block, partsOf, textBlock } from '../../../testing/message-events.js';

const thinking = { type: 'thinking', thinking: '', signature: '' };
const signature = { type: 'signature_delta', signature: 'sig' };
const json = (partial: string) => ({ type: 'input_json_delta', partial_json: partial });

describe('thoughts', () => {
  it('have their signature, to go back before what they led to', () => {
    const thought = { type: 'thinking_delta', thinking: 'hm' };
    const parts = partsOf(...block(0, thinking, thought, signature), ...textBlock(1, 'x'));
    expect(parts.slice(0, 4)).toEqual([
      { type: 'reasoning-start', id: 'reasoning-0' },
      { type: 'reasoning-delta', id: 'reasoning-0', text: 'hm' },
      { type: 'reasoning-end', id: 'reasoning-0' },
      {
        type: 'reasoning-replay',
        reasoning: {
          type: 'reasoning',
          provider: 'anthropic',
          data: { type: 'thinking', thinking: 'hm', signature: 'sig' },
        },
      },
    ]);
  });

  it.each([
    ['redacted ones, as they came', [{ type: 'redacted_thinking', data: 'AAAA' }], 1],
    ['withheld ones, by their signature alone', [thinking, signature], 1],
    ['unsigned ones, which nobody would take back', [thinking, { type: 'thinking_delta', thinking: 'x' }], 0],
  ])('include %s', (_, [content, ...deltas], replays) => {
    const parts = partsOf(...block(0, content ?? {}, ...deltas));
    expect(parts.filter((part) => part.type === 'reasoning-start')).toHaveLength(1);
    expect(parts.filter((part) => part.type === 'reasoning-replay')).toHaveLength(replays);
  });
});

describe('tool calls', () => {
  const use = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };

  it.each([
    ['in pieces', use, [json(''), json('{"a":'), json('1}')], '{"a":1}'],
    ['with none', use, [], ''],
    ['with an empty piece', use, [json('')], ''],
    ['cut off', use, [json('{"a')], '{"a'],
    ['whole', { ...use, input: { a: [1] } }, [], '{"a":[1]}'],
    ['whole and in pieces', { ...use, input: { a: 1 } }, [json('{"a":1}')], '{"a":1}'],
  ])('have their arguments %s', (_, content, deltas, wanted) => {
    const parts = partsOf(...block(0, content, ...deltas));
    expect(parts[0]).toEqual({ type: 'tool-call-start', id: 'tool-call-0', callId: 'toolu_1', name: 'f' });
    expect(parts.flatMap((part) => (part.type === 'tool-call-delta' ? [part.arguments] : [])).join('')).toBe(wanted);
  });

  it('of one message are several, interleaved or not', () => {
    const [startA, ...restA] = block(0, use, json('{}'));
    const [startB, ...restB] = block(1, { ...use, id: '' }, json('{"b":1}'));
    const parts = partsOf(startA!, startB!, ...restB, ...restA);
    expect(parts.flatMap((part) => (part.type === 'tool-call-start' ? [part.callId] : []))).toEqual([
      'toolu_1',
      'made',
    ]);
    expect(parts.flatMap((part) => (part.type === 'tool-call-delta' ? [part.arguments] : []))).toEqual([
      '{"b":1}',
      '{}',
    ]);
  });

  it('at Anthropic are none of ours, and go back with their results', () => {
    const hosted = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const result = { type: 'web_search_tool_result', tool_use_id: 's', content: [] };
    const compaction = { type: 'compaction', content: null };
    const parts = partsOf(
      ...block(0, compaction, { type: 'compaction_delta', content: 'so far' }),
      ...block(1, hosted, json('{"query"'), json(':"x"}')),
      ...block(2, result),
      ...block(3, hosted, json('{"que')),
    );
    expect(parts.map((part) => part.type === 'reasoning-replay' && part.reasoning.data)).toEqual([
      { ...compaction, content: 'so far' },
      { ...hosted, input: { query: 'x' } },
      result,
    ]);
  });
});
