import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../spec/provider-error.js';
import {
  callEvents,
  type CohereEvent,
  cohereParts,
  cohereReaderOf,
  messageEnd,
  planEvents,
  textEvents,
  thinkingEvents,
  wholeParts,
} from '../../../testing/cohere-events.js';

function failureOf(...events: CohereEvent[]): ProviderError {
  try {
    cohereReaderOf(events).end();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

describe('contents', () => {
  it('are thoughts and texts, the thoughts to be given back', () => {
    expect(cohereParts(...thinkingEvents(0, ['h', 'm']), ...textEvents(1, ['a', 'b']))).toEqual([
      { type: 'reasoning-start', id: 'reasoning-0' },
      { type: 'reasoning-delta', id: 'reasoning-0', text: 'h' },
      { type: 'reasoning-delta', id: 'reasoning-0', text: 'm' },
      { type: 'reasoning-end', id: 'reasoning-0' },
      { type: 'reasoning-replay', reasoning: { type: 'reasoning', provider: 'cohere', data: { thinking: 'hm' } } },
      { type: 'text-start', id: 'text-1' },
      { type: 'text-delta', id: 'text-1', text: 'a' },
      { type: 'text-delta', id: 'text-1', text: 'b' },
      { type: 'text-end', id: 'text-1' },
    ]);
  });

  it('are blocks of their own, even if nobody says where one ends', () => {
    const unended = [...textEvents(0, ['a']), ...textEvents(1, ['b'])].filter(({ type }) => type === 'content-delta');
    expect(cohereParts(...unended).filter(({ type }) => type === 'text-start')).toHaveLength(2);
  });

  it('may say something in their first event', () => {
    const start = {
      type: 'content-start',
      index: 0,
      delta: { message: { content: { type: 'text', text: 'at once' } } },
    };
    expect(cohereParts(start)).toContainEqual({ type: 'text-delta', id: 'text-0', text: 'at once' });
  });

  it('are no text as long as they are empty, but a thought', () => {
    const call = callEvents(0, ['{}']);
    expect(cohereParts(...textEvents(0, []), ...call).map(({ type }) => type)).not.toContain('text-start');
    const thought = cohereParts(...thinkingEvents(0, []), ...call).map(({ type }) => type);
    expect(thought.slice(0, 3)).toEqual(['reasoning-start', 'reasoning-end', 'tool-call-start']);
  });
});

describe('tool calls', () => {
  it('come after the plan, which is a thought', () => {
    const parts = cohereParts(...planEvents(['I will', ' look']), ...callEvents(0, ['{"a"', ':1}']));
    expect(parts).toEqual([
      { type: 'reasoning-start', id: 'reasoning-0' },
      { type: 'reasoning-delta', id: 'reasoning-0', text: 'I will' },
      { type: 'reasoning-delta', id: 'reasoning-0', text: ' look' },
      { type: 'reasoning-end', id: 'reasoning-0' },
      {
        type: 'reasoning-replay',
        reasoning: { type: 'reasoning', provider: 'cohere', data: { tool_plan: 'I will look' } },
      },
      { type: 'tool-call-start', id: 'tool-call-1', callId: 'c0', name: 'f' },
      { type: 'tool-call-delta', id: 'tool-call-1', arguments: '{"a"' },
      { type: 'tool-call-delta', id: 'tool-call-1', arguments: ':1}' },
      { type: 'tool-call-end', id: 'tool-call-1' },
    ]);
  });

  it('may run in parallel', () => {
    const [one, two] = [callEvents(0, ['{"a":1}']), callEvents(1, ['{"b":2}'])];
    const mixed = one.flatMap((event, index) => [event, two[index] ?? event]);
    expect(argumentsOf(...mixed)).toEqual({ c0: '{"a":1}', c1: '{"b":2}' });
  });

  it.each([
    ['none', []],
    ['null', [null]],
    ['an empty text', ['']],
  ])('have no arguments when there is %s', (_, pieces) => {
    expect(argumentsOf(...callEvents(0, pieces))).toEqual({ c0: '' });
  });

  it('take arguments that were parsed already', () => {
    const start = { id: 'c0', function: { name: 'f', arguments: { a: [1] } } };
    expect(argumentsOf(...callEvents(0, [], start))).toEqual({ c0: '{"a":[1]}' });
  });

  it('get an id when the server gives none, and are nothing without a name', () => {
    expect(argumentsOf(...callEvents(0, ['{}'], {}), ...callEvents(1, ['{}'], { function: {} }))).toEqual({
      made: '{}',
    });
  });
});

function argumentsOf(...events: CohereEvent[]): Record<string, string> {
  const calls: Record<string, string> = {};
  const names = new Map<string, string>();
  for (const part of cohereParts(...events)) {
    if (part.type === 'tool-call-start') names.set(part.id, part.callId);
    const name = 'id' in part && part.id !== undefined ? names.get(part.id) : undefined;
    if (name !== undefined) calls[name] = (calls[name] ?? '') + (part.type === 'tool-call-delta' ? part.arguments : '');
  }
  return calls;
}

describe('a whole answer', () => {
  it('says the same as a stream', () => {
    const call = { id: 'c0', type: 'function', function: { name: 'f', arguments: '{}' } };
    const contents = [
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'yes' },
    ];
    const whole = wholeParts({ tool_plan: 'so', content: contents, tool_calls: [call] });
    const streamed = cohereParts(
      ...planEvents(['so']),
      ...thinkingEvents(0, ['hm']),
      ...textEvents(1, ['yes']),
      ...callEvents(0, ['{}']),
    );
    expect(whole).toEqual(streamed);
  });

  it.each([
    [{ message: 'too many tokens: size limit exceeded by 9 tokens' }, 'context_too_long'],
    [{ message: 'oh' }, 'unavailable'],
    [{ id: 'x' }, 'malformed_response'],
    [7, 'malformed_response'],
  ])('%j is an error', (body, code) => {
    expect(() => cohereReaderOf([]).whole(body)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the end', () => {
  const said = textEvents(0, ['x']);

  it.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['ERROR_LIMIT', 'length'],
    ['TOOL_CALL', 'tool_calls'],
    ['ERROR_TOXIC', 'content_filter'],
    ['SOMETHING_NEW', 'other'],
  ])('%s is %s', (raw, unified) => {
    const reader = cohereReaderOf([...said, messageEnd(raw)]);
    reader.end();
    expect(reader.take().at(-1)).toEqual({ type: 'finish', reason: { unified, raw } });
  });

  it('has no reason when none is given', () => {
    const reader = cohereReaderOf([...said, { type: 'message-end', delta: {} }]);
    reader.end();
    expect(reader.take().at(-1)).toEqual({ type: 'finish', reason: { unified: 'other', raw: null } });
  });

  it('may be without content when the length or the filter says so', () => {
    expect(() => cohereReaderOf([messageEnd('MAX_TOKENS')]).end()).not.toThrow();
    expect(() => cohereReaderOf([messageEnd('ERROR_TOXIC')]).end()).not.toThrow();
  });

  const billed = { input_tokens: 2, output_tokens: 1 };
  it.each([
    [
      { tokens: { input_tokens: 9, output_tokens: 5, reasoning_tokens: 3 }, billed_units: billed, cached_tokens: 4 },
      { inputTokens: 9, outputTokens: 5, reasoningTokens: 3, cachedInputTokens: 4 },
    ],
    [{ billed_units: billed }, { inputTokens: 2, outputTokens: 1 }],
  ])('with %j counts %j', (usage, counted) => {
    const reader = cohereReaderOf([...said, messageEnd('COMPLETE', { usage })]);
    reader.end();
    expect(reader.take().at(-1)).toEqual(expect.objectContaining({ usage: counted }));
  });

  it.each([
    ['no last event', [...said], 'stream_truncated'],
    ['no content', [messageEnd()], 'empty_response'],
    ['no call where one was asked for', [messageEnd('TOOL_CALL')], 'empty_response'],
    ['ERROR', [...said, messageEnd('ERROR')], 'unavailable'],
    ['ERROR and its words', [...said, messageEnd('ERROR', { error: 'too many tokens: 9' })], 'context_too_long'],
    ['words alone', [...said, messageEnd('COMPLETE', { error: 'oh' })], 'unavailable'],
    ['TIMEOUT', [...said, messageEnd('TIMEOUT')], 'timeout'],
    ['a body of an error', [...said, { id: 'x', message: 'oh' }], 'unavailable'],
  ])('with %s is an error', (_, events, code) => {
    expect(failureOf(...events).code).toBe(code);
  });

  it('counts what it does not know, and nothing else', () => {
    const reader = cohereReaderOf([
      { type: 'debug', prompt: 'x' },
      { type: 'surprise' },
      { choices: [] },
      ...said,
      messageEnd(),
    ]);
    reader.end();
    expect(reader.take().at(-2)).toMatchObject({ type: 'warning', warning: { code: 'unknown_frames', count: 2 } });
  });
});
