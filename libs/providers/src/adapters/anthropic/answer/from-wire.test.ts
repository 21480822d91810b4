import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../spec/provider-error.js';
import {
  block,
  type MessageEvent,
  partsOf,
  readerOf,
  started,
  stopped,
  textBlock,
} from '../../../testing/message-events.js';

function failureOf(...events: MessageEvent[]): ProviderError {
  try {
    readerOf(events).end();
  } catch (failure) {
    if (failure instanceof ProviderError) return failure;
    throw failure;
  }
  throw new Error('it succeeded');
}

const thinking = { type: 'thinking', thinking: '', signature: '' };
const signature = { type: 'signature_delta', signature: 'sig' };
const json = (partial: string) => ({ type: 'input_json_delta', partial_json: partial });

describe('the end', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['pause_turn', 'pause'],
    ['refusal', 'content_filter'],
    ['from_the_future', 'other'],
    [null, 'other'],
  ])('by %s is %s', (raw, unified) => {
    const reader = readerOf([started(), ...textBlock(0, 'x'), ...stopped(raw)]);
    reader.end();
    expect(reader.take().at(-1)).toEqual({ type: 'finish', reason: { unified, raw } });
  });

  it.each([
    ['nothing at all', [], 'stream_truncated'],
    ['no reason to stop', [started(), ...textBlock(0, 'x')], 'stream_truncated'],
    ['no content', [started(), ...stopped()], 'empty_response'],
    ['an error event', [started(), error('overloaded_error')], 'overloaded'],
    ['an error of the server', [error('api_error')], 'unavailable'],
    ['a deadline of the server', [error('timeout_error')], 'timeout'],
    ['a refused request', [error('invalid_request_error')], 'bad_request'],
    ['a filter', [error('invalid_request_error', 'Output blocked by content filtering policy')], 'content_filtered'],
    ['an error without a type', [{ error: { type: 'rate_limit_error', message: 'slow down' } }], 'rate_limited'],
  ])('with %s is an error', (_, events, code) => {
    expect(failureOf(...events).code).toBe(code);
  });

  it('is not an error when a refusal or a stop sequence comes first', () => {
    for (const reason of ['refusal', 'stop_sequence', 'max_tokens']) {
      const reader = readerOf([started(), ...stopped(reason)]);
      expect(() => reader.end()).not.toThrow();
    }
  });

  it('is known by the reason to stop, without message_stop', () => {
    const reader = readerOf([started(), ...textBlock(0, 'x'), ...stopped().slice(0, 1)]);
    expect(reader.finished).toBe(true);
    expect(() => reader.end()).not.toThrow();
  });

  it('completes what the server left open', () => {
    const open = block(0, thinking, { type: 'thinking_delta', thinking: 'hm' }, signature).slice(0, -1);
    expect(partsOf(...open).map((part) => part.type)).toEqual([
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'reasoning-replay',
    ]);
  });

  it('counts what it does not know, and nothing else', () => {
    const parts = partsOf(
      { type: 'ping' },
      { type: 'surprise' },
      ...block(0, { type: 'text', text: '' }, { type: 'surprise_delta' }),
      ...block(1, { type: 'surprise_block' }),
      ...block(2, {}),
      { type: 'content_block_delta', index: 9, delta: json('{') },
      { type: 'content_block_stop', index: 7 },
    );
    expect(parts.filter((part) => part.type === 'warning')).toEqual([
      { type: 'warning', warning: expect.objectContaining({ code: 'unknown_frames', count: 4 }) },
    ]);
  });
});

function error(type: string, message = 'no'): MessageEvent {
  return { type: 'error', error: { type, message } };
}

describe('usage', () => {
  const first = {
    input_tokens: 10,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 1_000,
    output_tokens: 1,
  };

  it('counts cached tokens in, at the start and at the end', () => {
    const last = { output_tokens: 7, output_tokens_details: { thinking_tokens: 3 }, input_tokens: null };
    const reader = readerOf([started({ usage: first }), ...textBlock(0, 'x'), ...stopped('end_turn', last)]);
    reader.end();
    const input = { inputTokens: 1_110, cachedInputTokens: 100, cacheWriteInputTokens: 1_000 };
    const parts = reader.take();
    expect(parts[0]).toEqual({ type: 'usage', usage: { ...input, outputTokens: 1 } });
    expect(parts.at(-1)).toMatchObject({ usage: { ...input, outputTokens: 7, reasoningTokens: 3 } });
  });

  it('is absent where the server does not count', () => {
    const reader = readerOf([started(), ...textBlock(0, 'x'), ...stopped()]);
    reader.end();
    expect(reader.take().some((part) => 'usage' in part)).toBe(false);
  });
});

describe('text', () => {
  it('of neighbouring blocks is one, and another behind anything else', () => {
    const hosted = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const parts = partsOf(...textBlock(0, 'a'), ...textBlock(1, 'b'), ...block(2, hosted), ...textBlock(3, 'c'));
    expect(parts.filter((part) => part.type !== 'reasoning-replay')).toEqual([
      { type: 'text-start', id: 'text-0' },
      { type: 'text-delta', id: 'text-0', text: 'a' },
      { type: 'text-delta', id: 'text-0', text: 'b' },
      { type: 'text-end', id: 'text-0' },
      { type: 'text-start', id: 'text-1' },
      { type: 'text-delta', id: 'text-1', text: 'c' },
      { type: 'text-end', id: 'text-1' },
    ]);
  });

  it('is read from deltas whose block was never announced', () => {
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } };
    expect(partsOf(delta).map((part) => part.type)).toEqual(['text-start', 'text-delta', 'text-end']);
  });

  it('goes on when a message begins again, and once more in another message', () => {
    const again = [started(), ...textBlock(0, 'a'), started(), ...textBlock(1, 'b')];
    const other = [started({ id: 'msg_2' }), ...textBlock(0, 'c')];
    const parts = partsOf(...again, ...other);
    expect(parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])).join('')).toBe('abc');
    expect(parts.filter((part) => part.type === 'text-start')).toHaveLength(2);
  });
});

describe('a whole message', () => {
  it('is read like a streamed one', () => {
    const reader = readerOf([]);
    reader.whole({
      id: 'msg_1',
      content: [
        { ...thinking, thinking: 'hm', signature: 'sig' },
        { type: 'text', text: 'hello' },
        { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    });
    reader.end();
    const parts = reader.take();
    expect(parts.flatMap((part) => (part.type.endsWith('-delta') ? [part] : []))).toMatchObject([
      { text: 'hm' },
      { text: 'hello' },
      { arguments: '{"a":1}' },
    ]);
    expect(parts.at(-1)).toEqual({
      type: 'finish',
      reason: { unified: 'tool_calls', raw: 'tool_use' },
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  it.each([
    [{ type: 'error', error: { type: 'overloaded_error', message: 'no' } }, 'overloaded'],
    [{ id: 'x' }, 'malformed_response'],
    [7, 'malformed_response'],
  ])('%j is an error', (body, code) => {
    expect(() => readerOf([]).whole(body)).toThrow(expect.objectContaining({ code }));
  });
});
