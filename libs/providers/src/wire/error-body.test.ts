import { describe, expect, it } from 'vitest';
import { httpFailure, streamFailure } from './errors.js';

const context = { ref: { provider: 'p', model: 'm' }, secrets: [] };
const fail = (status: number, body: unknown, headers = {}) =>
  httpFailure(context, { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, 0);
const said = (message: string) => ({ error: { message, type: 'invalid_request_error', code: 400 } });

const quota = (retryDelay: string) => ({
  error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ '@type': 'google.rpc.RetryInfo', retryDelay }] },
});

describe('a prompt that does not fit, as vendors and servers say it', () => {
  it.each([
    "This model's maximum prompt length is 131072 but the request contains 180022 tokens.",
    'The input token count (1203331) exceeds the maximum number of tokens allowed (1048576).',
    'Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)',
    'litellm.BadRequestError: BedrockException - Input is too long for requested model.',
    'The model returned the following errors: Input tokens exceed the configured limit of 272000 tokens.',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'input length and `max_tokens` exceed context limit: 199759 + 8192 > 200000',
    'Prompt contains 40001 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    'Trying to keep the first 9000 tokens when context the overflows. n_keep: 9000>= n_ctx: 4096',
    'the request exceeds the available context size. try increasing the context size',
    'The decoder prompt (length 9000) is longer than the maximum model length of 8192.',
    "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    'Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192',
    'The prompt is too long: 9000, model maximum context length: 8191',
    'Range of input length should be [1, 30720]',
    'the number of input tokens 9000 cannot exceed the total tokens limit 8192 for this model',
    'prompt token count of 70000 exceeds the limit of 64000',
    'Request payload size exceeds the limit: 20971520 bytes.',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    "Requested token count exceeds the model's maximum context length of 32768 tokens.",
  ])('%s', (message) => {
    expect(fail(400, said(message)).code).toBe('context_too_long');
    expect(fail(422, { detail: message }).code).toBe('context_too_long');
  });

  it('is also a request that is larger than what a minute allows: waiting does not help', () => {
    const message =
      'Request too large for model `llama` in organization on tokens per minute (TPM): Limit 6000, Requested 9000';
    for (const status of [413, 429]) {
      expect(fail(status, { error: { message, type: 'tokens', code: 'rate_limit_exceeded' } }).code).toBe(
        'context_too_long',
      );
    }
  });
});

describe('other refusals that are 400 like a mistake in the request', () => {
  it.each([
    ['Model Not Exist', 'model_unknown'],
    ['nobody/nothing is not a valid model ID', 'model_unknown'],
    ['The provided model identifier is invalid.', 'model_unknown'],
    ['The model `llama-3.1-70b-versatile` has been decommissioned and is no longer supported.', 'model_unknown'],
    ['Content Exists Risk', 'content_filtered'],
    ['The request was rejected because it was considered high risk', 'content_filtered'],
    ['Insufficient Balance', 'no_access'],
    ['API key not valid. Please pass a valid API key.', 'bad_key'],
    ['Incorrect API key provided: xa***. You can obtain an API key from the console.', 'bad_key'],
    // About something in the request, and not about the model's name.
    ['The model `llama3` does not support tools', 'bad_request'],
    ["Unsupported parameter: 'temperature' is not supported with this model.", 'bad_request'],
  ])('%s: %s', (message, code) => {
    expect(fail(400, said(message)).code).toBe(code);
  });
});

describe('a cause within an error', () => {
  const inner = {
    error: {
      message: "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens",
      code: 'context_length_exceeded',
    },
  };

  it.each([
    ['as text', { message: 'Provider returned error', code: 400, metadata: { raw: JSON.stringify(inner) } }],
    ['as an object', { message: 'Provider returned error', code: 400, metadata: { raw: inner } }],
    ['within a sentence', { message: `litellm.BadRequestError: OpenAIException - ${JSON.stringify(inner)}` }],
    ['within a list', { message: 'Upstream failed', details: [inner] }],
  ])('%s counts and is told', (_, error) => {
    const failure = fail(400, { error });
    expect(failure.code).toBe('context_too_long');
    expect(failure.detail).toMatch(/(Provider returned error|litellm|Upstream failed).*8192 tokens/);
  });

  it.each([
    [400, { error: { code: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'content_filtered'],
    [400, { error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }, 'bad_key'],
    [400, { __type: 'com.amazon.coral.service#ThrottlingException', message: 'Too many' }, 'rate_limited'],
    [403, { error: { code: 403, message: 'flagged', metadata: { flagged_input: 'x' } } }, 'content_filtered'],
    [429, { error: { message: 'limit', type: 'exceeded_current_quota_error' } }, 'no_access'],
    [429, { error: { message: 'busy', type: 'engine_overloaded_error' } }, 'overloaded'],
    [
      400,
      { code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' },
      'content_filtered',
    ],
    [400, { error: { code: '1261', message: 'Prompt exceeds max length' } }, 'context_too_long'],
    [503, { error: 'Model x is currently loading', estimated_time: 20 }, 'unavailable'],
  ])('%i %j is %s', (status, body, code) => {
    expect(fail(status, body).code).toBe(code);
  });

  it('is read in mid-stream as well', () => {
    const json = { error: { message: 'Provider returned error', metadata: { raw: JSON.stringify(inner) } } };
    expect(streamFailure(context, json).code).toBe('context_too_long');
  });

  it('that contains itself in text without end is cut off', () => {
    let body = JSON.stringify({ error: { message: 'inmost' } });
    for (let depth = 0; depth < 12; depth++)
      body = JSON.stringify({ error: { message: 'x', metadata: { raw: body } } });
    expect(fail(400, body).code).toBe('bad_request');
  });
});

describe('a wait that only the body names', () => {
  it.each([
    [quota('34.07s'), 34_070],
    [quota('0s'), 0],
    [quota('soon'), undefined],
    [{ error: { message: 'Rate limit reached. Please try again in 6m0.5s.' } }, 360_500],
    [{ error: { message: 'Please try again in 20ms. Visit https://example.org' } }, 20],
    [{ error: { message: 'Please retry after 10 seconds.' } }, 10_000],
    [{ error: { message: 'Please try again in 2 minutes' } }, 120_000],
    [{ error: { message: 'Please try again later' } }, undefined],
  ])('%j: %s ms', (body, wait) => {
    expect(fail(429, body).retryAfterMs).toBe(wait);
  });

  it('comes after the header, and means nothing in the message of another error', () => {
    expect(fail(429, quota('34s'), { 'retry-after': '2' }).retryAfterMs).toBe(2_000);
    expect(fail(400, said('Wrong. Please try again in 5s.')).retryAfterMs).toBeUndefined();
  });
});
