import type { StopReason } from '@anthropic-ai/sdk/resources/messages';
import type { Cohere } from 'cohere-ai';
import { describe, expect, it } from 'vitest';
import { PartWriter } from '../parts/part-writer.js';
import { ProviderError } from '../spec/provider-error.js';
import { finishReason, writeFinish } from './finish.js';
import { type FinishMeaning, isFinishWord, meaningOf } from './finish-words.js';

const failure = (code: Extract<FinishMeaning, object>['failure']): FinishMeaning => ({ failure: code });
const UNAVAILABLE = failure('unavailable');
const MALFORMED = failure('malformed_response');

const BY_VENDOR: Readonly<Record<string, Readonly<Record<string, FinishMeaning>>>> = {
  openai: {
    stop: 'stop',
    length: 'length',
    tool_calls: 'tool_calls',
    function_call: 'tool_calls',
    content_filter: 'content_filter',
  },
  'openai responses': { completed: 'stop', max_output_tokens: 'length', failed: UNAVAILABLE, cancelled: UNAVAILABLE },
  anthropic: {
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_use: 'tool_calls',
    pause_turn: 'pause',
    refusal: 'content_filter',
  } satisfies Record<StopReason, FinishMeaning>,
  cohere: {
    COMPLETE: 'stop',
    STOP_SEQUENCE: 'stop',
    MAX_TOKENS: 'length',
    TOOL_CALL: 'tool_calls',
    ERROR: UNAVAILABLE,
    TIMEOUT: failure('timeout'),
    ...({ ERROR_LIMIT: 'length', ERROR_TOXIC: 'content_filter', USER_CANCEL: UNAVAILABLE } as const),
  } satisfies Record<Cohere.ChatFinishReason, FinishMeaning>,
  gemini: {
    STOP: 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content_filter',
    RECITATION: 'content_filter',
    LANGUAGE: 'content_filter',
    BLOCKLIST: 'content_filter',
    PROHIBITED_CONTENT: 'content_filter',
    SPII: 'content_filter',
    IMAGE_SAFETY: 'content_filter',
    MODEL_ARMOR: 'content_filter',
    MALFORMED_FUNCTION_CALL: MALFORMED,
    UNEXPECTED_TOOL_CALL: MALFORMED,
    TOO_MANY_TOOL_CALLS: MALFORMED,
    MISSING_THOUGHT_SIGNATURE: failure('bad_request'),
    OTHER: 'other',
    FINISH_REASON_UNSPECIFIED: 'other',
    'content_filter: PROHIBITED_CONTENT': 'content_filter',
    'content_filter: SOMETHING_NEW': 'content_filter',
    'function_call_filter: MALFORMED_FUNCTION_CALL': MALFORMED,
  },
  zhipu: { sensitive: 'content_filter', network_error: UNAVAILABLE, model_context_window_exceeded: 'length' },
  deepseek: { insufficient_system_resource: failure('overloaded') },
  moonshot: { repeat: 'length' },
  mistral: { model_length: 'length', error: UNAVAILABLE },
  together: { eos: 'stop' },
  'text-generation-inference': { eos_token: 'stop', length: 'length', stop_sequence: 'stop' },
  'vllm, sglang, lmdeploy, tensorrt': {
    abort: UNAVAILABLE,
    error: UNAVAILABLE,
    end_id: 'stop',
    timed_out: failure('timeout'),
  },
  xai: { REASON_STOP: 'stop', REASON_MAX_LEN: 'length', REASON_TIME_LIMIT: failure('timeout') },
  bedrock: { guardrail_intervened: 'content_filter', malformed_tool_use: MALFORMED },
  'other sdks': { 'tool-calls': 'tool_calls', 'content-filter': 'content_filter', 'max tokens': 'length' },
};

describe.each(Object.entries(BY_VENDOR))('the words of %s', (_, words) => {
  it.each(Object.entries(words))('%s', (raw, meaning) => {
    expect(meaningOf(raw)).toEqual(meaning);
  });
});

it.each(['because', 'constructor', '__proto__', 'reason_', ': ', 'toString: valueOf'])('%j means nothing', (raw) => {
  expect(meaningOf(raw)).toBeUndefined();
});

it.each(['null', 'None', '', 'not_finished'])('%j is no reason', (raw) => {
  expect(isFinishWord(raw)).toBe(false);
});

const networkError = () => finishReason('network_error', context);
const context = { ref: { provider: 'p', model: 'm' }, secrets: [] };

it('fails an answer whose word says so, naming the word', () => {
  expect(networkError).toThrow(ProviderError);
  expect(networkError).toThrow(/unavailable.*network_error/);
});

it.each([
  ['because', /"because"/],
  [null, /without a finish reason/],
])('never takes %j for stop, and says so', (raw, detail) => {
  const writer = new PartWriter();
  writeFinish(writer, finishReason(raw, context), undefined);
  const [warning, finish] = writer.take();
  expect(warning).toMatchObject({ type: 'warning', warning: { code: 'unclear_finish', raw } });
  expect(JSON.stringify(warning)).toMatch(detail);
  expect(finish).toEqual({ type: 'finish', reason: { unified: 'other', raw } });
});

it('has nothing to say of an answer that is whole', () => {
  const writer = new PartWriter();
  writeFinish(writer, finishReason('stop', context), undefined);
  expect(writer.take().map(({ type }) => type)).toEqual(['finish']);
});
