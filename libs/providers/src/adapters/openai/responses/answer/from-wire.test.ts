import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../spec/provider-error.js';
import { added, completed, event, readerOf, type ResponseEvent } from '../../../../testing/response-events.js';

function failureOf(...events: ResponseEvent[]): ProviderError {
  try {
    readerOf(events).end();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

describe('the end', () => {
  const said = event('output_text.delta', { delta: 'x' });

  it.each([
    [completed({ status: 'completed' }), 'stop', 'completed'],
    [completed(), 'stop', 'completed'],
    [incomplete('max_output_tokens'), 'length', 'max_output_tokens'],
    [incomplete('content_filter'), 'content_filter', 'content_filter'],
    [{ type: 'response.incomplete', response: {} }, 'other', 'incomplete'],
  ])('of %j is %s', (last, unified, raw) => {
    const reader = readerOf([said, last]);
    reader.end();
    expect(reader.take().at(-1)).toEqual({ type: 'finish', reason: { unified, raw } });
  });

  it('holds the usage', () => {
    const usage = {
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 9,
    };
    const reader = readerOf([said, completed({ usage })]);
    reader.end();
    expect(reader.take().at(-1)).toMatchObject({
      usage: { inputTokens: 5, cachedInputTokens: 3, outputTokens: 4, reasoningTokens: 2, totalTokens: 9 },
    });
  });

  it.each([
    ['no final event', [said], 'stream_truncated'],
    ['no output', [completed({ output: [] })], 'empty_response'],
    ['a failure', [said, failed({ code: 'rate_limit_exceeded', message: 'slow down' })], 'rate_limited'],
    ['a failure without words', [said, failed(null)], 'unavailable'],
    ['a flagged prompt', [failed({ code: 'invalid_prompt', message: 'flagged' })], 'content_filtered'],
    ['a bad picture', [failed({ code: 'invalid_image_url', message: 'no' })], 'bad_request'],
    ['an error event', [said, { type: 'error', code: 'server_error', message: 'oh' }], 'unavailable'],
    ['an error inside of an event', [{ type: 'error', error: { type: 'insufficient_quota' } }], 'no_access'],
  ])('with %s is an error', (_, events, code) => {
    expect(failureOf(...events).code).toBe(code);
  });

  it('counts what it does not know, and nothing else', () => {
    const reader = readerOf([
      { type: 'response.created', response: {} },
      { type: 'response.web_search_call.searching', output_index: 0 },
      { type: 'keepalive' },
      { type: 'response.surprise' },
      { choices: [] },
      added(0, { type: 'web_search_call' }),
      completed(),
    ]);
    reader.end();
    expect(reader.take()[0]).toMatchObject({ type: 'warning', warning: { code: 'unknown_frames', count: 2 } });
  });
});

function incomplete(reason: string): ResponseEvent {
  return { type: 'response.incomplete', response: { status: 'incomplete', incomplete_details: { reason } } };
}

function failed(error: object | null): ResponseEvent {
  return { type: 'response.failed', response: { status: 'failed', error } };
}
