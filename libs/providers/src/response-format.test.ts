import { expect, it } from 'vitest';
import type { ProviderConfigInput } from './provider-config.js';
import { responseOptionsOf } from './response-format.js';
import type { ResponseOptions } from './spec/response-options.js';

const CONFIGS: ProviderConfigInput[] = [
  { kind: 'openai', apiKey: 'x' },
  { kind: 'openai', id: 'near', baseUrl: 'http://localhost:1/v1' },
  { kind: 'groq', apiKey: 'x' },
  { kind: 'cohere', apiKey: 'x' },
  { kind: 'ollama' },
  { kind: 'anthropic', apiKey: 'x' },
  { kind: 'bedrock', region: 'us-east-1', apiKey: 'x' },
  { kind: 'vertex', projectId: 'p', region: 'global', accessToken: 'x' },
  { kind: 'huggingface', id: 'tgi', api: 'text-generation-inference' },
  { kind: 'demo' },
];
const schema = { type: 'object', properties: { a: { type: 'string' } } };

it('says a schema in the words of every provider that knows one', () => {
  const options: ResponseOptions = { format: { type: 'json_schema', name: 'n', schema, strict: true } };
  const chat = { response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } } };
  expect(responseOptionsOf(CONFIGS)(options)).toEqual({
    openai: { text: { format: options.format } },
    near: chat,
    groq: chat,
    cohere: { response_format: { type: 'json_object', json_schema: schema } },
    ollama: { format: schema },
  });
});

it('hands fields on that only chat completions can have', () => {
  const more = { repetition_penalty: 1.1 };
  expect(responseOptionsOf(CONFIGS)({ more })).toMatchObject({
    openai: {},
    near: more,
    groq: more,
    cohere: {},
    ollama: {},
  });
});

it('says "any JSON", and one tool at a time where there is a word for it', () => {
  const options: ResponseOptions = { format: { type: 'json_object' }, parallelToolCalls: false };
  const chat = { response_format: { type: 'json_object' }, parallel_tool_calls: false };
  expect(responseOptionsOf(CONFIGS)(options)).toEqual({
    openai: { text: { format: { type: 'json_object' } }, parallel_tool_calls: false },
    near: chat,
    groq: chat,
    cohere: { response_format: { type: 'json_object' } },
    ollama: { format: 'json' },
  });
});
