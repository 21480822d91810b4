import { describe, expect, it } from 'vitest';
import { httpFailure, streamFailure } from './errors.js';

const context = { ref: { provider: 'p', model: 'm' }, secrets: [] };
const fail = (status: number, body: unknown, headers = {}) =>
  httpFailure(context, { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, 0);

describe('an HTTP error', () => {
  it.each([
    [400, { error: { code: 'context_length_exceeded' } }, 'context_too_long'],
    [
      400,
      { error: { message: "This model's maximum context length is 8192 tokens", type: 'BadRequestError' } },
      'context_too_long',
    ],
    [
      400,
      { error: { message: "Invalid 'tools[0].function.name': string too long, maximum length 64" } },
      'bad_request',
    ],
    [400, { error: { code: 'content_filter' } }, 'content_filtered'],
    [400, [{ error: { code: 400, message: 'Gemini says', type: 'INVALID' } }], 'bad_request'],
    [402, { error: { message: 'Insufficient credits', code: 402 } }, 'no_access'],
    [404, { error: { message: 'Invalid URL (POST /v2/chat/completions)' } }, 'bad_request'],
    [404, '<html>nginx</html>', 'bad_request'],
    [408, '', 'timeout'],
    [413, '', 'context_too_long'],
    [429, { detail: 'slow' }, 'rate_limited'],
    [502, '<html>Bad gateway</html>', 'unavailable'],
    [503, { error: { type: 'overloaded_error' } }, 'overloaded'],
    [503, '', 'unavailable'],
    [529, '', 'overloaded'],
  ])('%i %j is %s', (status, body, code) => {
    expect(fail(status, body).code).toBe(code);
  });

  it.each([
    'Please reduce your prompt; or completion length.',
    'Input length 5000 exceeds maximum length 4096',
    'tokenized input length 9000 exceeds model max length 8192',
    'total tokens exceed max_seq_len',
    'the total number of tokens in the prompt exceeds the maximum',
    'input tokens limit exceeded',
    'input length and `max_tokens` exceed context limit: 90402 + 116650 > 204648',
    'Requested tokens (5000) exceed context window of 4096',
  ])('says that the prompt is too long: %s', (message) => {
    expect(fail(400, { error: { message } }).code).toBe('context_too_long');
  });

  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '174', 'retry-after': '1' }, 174],
    [{ 'retry-after-ms': '0', 'retry-after': '1' }, 1_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:07 GMT' }, 7_000],
    [{ 'retry-after': 'Wed, 31 Dec 1969 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{}, undefined],
  ])('with %j asks to wait %s ms', (headers, wait) => {
    expect(fail(429, {}, headers).retryAfterMs).toBe(wait);
  });

  it.each([
    [500, { 'x-should-retry': 'false' }, false],
    [400, { 'x-should-retry': 'true' }, true],
    [500, { 'x-should-retry': 'maybe' }, true],
    [400, {}, false],
  ])('%i with %j may be tried again: %s', (status, headers, retryable) => {
    expect(fail(status, {}, headers).retryable).toBe(retryable);
  });

  it.each([
    [{ message: 'at the top', code: '1500' }, 'HTTP 400 1500 at the top'],
    [{ error: 'a string' }, 'HTTP 400 a string'],
    [{ detail: [{ msg: 'a list' }] }, 'HTTP 400 a list'],
    ['a page', 'HTTP 400 a page'],
    ['x'.repeat(2_000), `HTTP 400 ${'x'.repeat(491)}…`],
  ])('with %j tells the operator', (body, detail) => {
    expect(fail(400, body).detail).toBe(detail);
  });
});

it('takes the status of an error in mid-stream from its code', () => {
  expect(streamFailure(context, { error: { message: 'x', code: 429 } }).code).toBe('rate_limited');
  expect(streamFailure(context, { error: { message: 'x', type: 'server_error' } }).code).toBe('unavailable');
  expect(streamFailure(context, 7).detail).toContain('7');
});

it('lets a tool call that cannot be read be tried again, whatever the header says', () => {
  const body = { error: { message: 'Failed to call a function', code: 'tool_use_failed', failed_generation: '{' } };
  const error = fail(400, body, { 'x-should-retry': 'false' });
  expect([error.code, error.retryable]).toEqual(['malformed_response', true]);
});

it.each([
  [{ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'no_access'],
  [{ code: '503', message: 'x' }, 'unavailable'],
  [{ statusCode: 401, message: 'x' }, 'bad_key'],
])('takes the status of %j', (body, code) => {
  expect(streamFailure(context, body).code).toBe(code);
});
