import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import { type ProviderConfigInput, responseOptionsOf } from '#providers';
import { EVERY_KIND } from '#providers/testing';
import { ChatCompletionRequest } from '#runtime';
import { UnsupportedError } from './completion-errors.js';
import { requestOptions } from './request-options.js';
import { toModelCall } from './to-model-call.js';

const TOOLS = [{ type: 'function' as const, function: { name: 'f', parameters: { type: 'object', properties: {} } } }];

/**
 * A value of every field of OpenAI's chat completions that means something: a field that is new in the SDK does not compile here
 * until it is decided what becomes of it.
 */
const FIELDS: Readonly<Record<Exclude<keyof ChatCompletionCreateParamsBase, 'model' | 'messages'>, unknown>> = {
  audio: { format: 'mp3', voice: 'alloy' },
  frequency_penalty: 0.5,
  function_call: 'auto',
  functions: [{ name: 'f' }],
  logit_bias: { '50256': -100 },
  logprobs: true,
  max_completion_tokens: 100,
  max_tokens: 100,
  metadata: { a: 'b' },
  modalities: ['text', 'audio'],
  moderation: { model: 'omni-moderation-latest' },
  n: 2,
  parallel_tool_calls: false,
  prediction: { type: 'content', content: 'x' },
  presence_penalty: 0.5,
  prompt_cache_key: 'k',
  prompt_cache_options: {},
  prompt_cache_retention: '24h',
  reasoning_effort: 'low',
  response_format: { type: 'json_object' },
  safety_identifier: 's',
  seed: 1,
  service_tier: 'flex',
  stop: ['x'],
  store: true,
  stream: true,
  stream_options: { include_usage: true },
  temperature: 0.5,
  tool_choice: 'required',
  tools: TOOLS,
  top_logprobs: 2,
  top_p: 0.5,
  user: 'u',
  verbosity: 'low',
  web_search_options: {},
};

/** Those that say how the gateway itself answers; see completion.test.ts. */
const OF_THE_ANSWER: ReadonlySet<string> = new Set(['stream', 'stream_options']);

type Fate = 'refused' | 'used' | 'passed' | 'warned' | 'lost';

function fateOf(field: string, config: ProviderConfigInput): Fate {
  const tools = field === 'tools' ? {} : { tools: TOOLS };
  const base = { model: 'x/m', messages: [{ role: 'user', content: 'Hi' }], ...tools };
  const parsed = ChatCompletionRequest.safeParse({ ...base, [field]: FIELDS[field as keyof typeof FIELDS] });
  if (!parsed.success) return 'refused';
  if (OF_THE_ANSWER.has(field)) return 'used';
  const plain = toModelCall(ChatCompletionRequest.parse(base));
  if (JSON.stringify(toModelCall(parsed.data)) !== JSON.stringify(plain)) return 'used';
  const provider = config.id ?? config.kind;
  try {
    const settings = { responseOptions: responseOptionsOf([config]), cache: undefined };
    const { options, warnings } = requestOptions(settings, parsed.data, { provider, model: 'm' });
    if (warnings.some((warning) => 'setting' in warning && warning.setting === field)) return 'warned';
    return Object.keys(options.providerOptions?.[provider] ?? {}).length > 0 ? 'passed' : 'lost';
  } catch (error) {
    if (error instanceof UnsupportedError && error.param === field) return 'refused';
    throw error;
  }
}

describe.each(EVERY_KIND.map((config) => [config.kind, config] as const))('a request to %s', (_, config) => {
  it.each(Object.keys(FIELDS))('%s is used, handed on, warned of or refused', (field) => {
    expect(fateOf(field, config)).not.toBe('lost');
  });
});

it('never hands on what the answer would have no place for', () => {
  const refused = ['audio', 'function_call', 'functions', 'logprobs', 'modalities', 'moderation', 'n', 'top_logprobs'];
  const groq: ProviderConfigInput = { kind: 'groq' };
  expect(Object.keys(FIELDS).filter((field) => fateOf(field, groq) === 'refused')).toEqual(refused);
});

it.each([{ logprobs: false }, { top_logprobs: 0 }, { modalities: ['text'] }, { functions: null }, { audio: null }])(
  'takes %j, which asks for nothing',
  (fields) => {
    const request = { model: 'x/m', messages: [{ role: 'user', content: 'Hi' }], ...fields };
    expect(ChatCompletionRequest.safeParse(request).success).toBe(true);
  },
);

it.each([
  ['graphql', 'refused'],
  ['websocket', 'refused'],
  ['anthropic', 'refused'],
  ['ollama', 'passed'],
  ['cohere', 'passed'],
  ['openai', 'passed'],
] as const)('response_format at %s is %s', (kind, fate) => {
  expect(
    fateOf(
      'response_format',
      EVERY_KIND.find((config) => config.kind === kind)!,
    ),
  ).toBe(fate);
});

it('OpenAI gets by its newer format what both formats have', () => {
  const openAI: ProviderConfigInput = { kind: 'openai', apiKey: 'k' };
  const shared = ['metadata', 'service_tier', 'prompt_cache_key', 'safety_identifier', 'store', 'user', 'verbosity'];
  expect(shared.filter((field) => fateOf(field, openAI) !== 'passed')).toEqual([]);
});
