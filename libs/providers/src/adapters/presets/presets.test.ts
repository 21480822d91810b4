import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../config.js';
import { providersFromEnvironment } from '../../environment.js';
import { createRegistry } from '../../registry.js';
import { generate } from '../../spec/generate.js';
import type { ModelCall } from '../../spec/language-model.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';
import { streamsOverHttp } from '../../testing/transport-faults.js';
import { type PresetKind, PRESETS } from './presets.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const ANSWER = 'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** The request that a call becomes, and what could not be expressed in it. */
async function send(kind: PresetKind, call: ModelCall, more: Partial<ProviderConfigInput> = {}) {
  server = await startLocalServer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(ANSWER);
  });
  const config = { kind, apiKey: 'key-0123456789', ...more, baseUrl: `${server.url}/base` } as ProviderConfigInput;
  const registry = createRegistry(createProviders([config]));
  const { text, warnings } = await generate(registry.resolve(), call, noAbort());
  expect(text).toBe('hi');
  return { request: server.requests[0]!, body: server.requests[0]!.body, warnings };
}

const hello = (text: string) => `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
const STOP = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';

describe.each(PRESETS.map(({ kind }) => kind))('%s', (kind) => {
  streamsOverHttp(kind, {
    contentType: 'text/event-stream',
    frames: [hello('Hello '), hello('wörld'), STOP, 'data: [DONE]\n\n'],
    modelAt: (baseUrl) => createProviders([{ kind, baseUrl }])[0]!.model('m'),
  });
});

const inCapitals = (kind: string) => kind.toUpperCase().replaceAll('-', '_');

describe.each(PRESETS)('$kind', ({ kind, baseUrl, defaultModel, key, name, capabilities }) => {
  it('is a kind that needs no more than a key', () => {
    const [provider] = createProviders([{ kind }]);
    expect(provider).toMatchObject({ id: kind, name, defaultModel, keyConfig: key });
    const sees = !/gpt-oss/.test(defaultModel);
    expect([...provider!.capabilities]).toEqual(capabilities.filter((capability) => sees || capability !== 'vision'));
    expect(createRegistry([provider!]).catalogue().default).toBe(`${kind}/${defaultModel}`);
  });

  it('is enabled by its key', () => {
    expect(providersFromEnvironment({ [`${inCapitals(kind)}_API_KEY`]: 'k' })).toEqual([
      { kind, id: kind, apiKey: 'k', baseUrl, defaultModel },
    ]);
  });

  it('is enabled by its base URL alone where it needs no key', () => {
    const [config] = providersFromEnvironment({ [`${inCapitals(kind)}_BASE_URL`]: 'http://10.0.0.1/v1' });
    expect(config).toMatchObject(key.required ? { kind: 'demo' } : { kind, baseUrl: 'http://10.0.0.1/v1' });
  });

  it('sends a request that its server takes', async () => {
    const { request, body, warnings } = await send(kind, { ...say('hello'), settings: { temperature: 0 } });
    expect(request).toMatchObject({
      method: 'POST',
      path: '/base/chat/completions',
      headers: { authorization: 'Bearer key-0123456789' },
    });
    expect(body).toMatchObject({ model: defaultModel, stream: true, temperature: 0 });
    expect(warnings).toEqual([]);
  });
});

describe('quirks', () => {
  it.each([
    ['mistral', { seed: 7, maxTokens: 5 }, { random_seed: 7, max_tokens: 5 }],
    ['groq', { maxTokens: 5 }, { max_completion_tokens: 5 }],
    ['together', { topK: 9 }, { top_k: 9 }],
    ['llama-cpp', { topK: 9 }, { top_k: 9 }],
  ] as const)('%s names %j in its own way', async (kind, settings, fields) => {
    const { body, warnings } = await send(kind, { ...say('hello'), settings });
    expect(body).toMatchObject(fields);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['gemini', { seed: 7, frequencyPenalty: 1 }, ['seed', 'frequencyPenalty']],
    ['mistral', { topK: 9 }, ['topK']],
    ['ai21', { reasoningEffort: 'low' }, ['reasoningEffort']],
  ] as const)('%s is not sent %j', async (kind, settings, names) => {
    const { body, warnings } = await send(kind, { ...say('hello'), settings });
    expect(Object.keys(body).filter((field) => /seed|penalty|top_k|effort/.test(field))).toEqual([]);
    expect(warnings.map((warning) => 'setting' in warning && warning.setting)).toEqual(names);
  });

  it.each([
    ['groq', true],
    ['mistral', false],
    ['perplexity', false],
  ] as const)('%s gets stream_options: %s', async (kind, expected) => {
    expect('stream_options' in (await send(kind, say('hello'))).body).toBe(expected);
  });

  it('joins instructions in front for the chat templates of open models', async () => {
    const prompt: ModelCall['prompt'] = [
      { role: 'system', content: 'one' },
      ...say('hello').prompt,
      { role: 'system', content: 'two' },
    ];
    const roles = [
      { role: 'system', content: 'one\n\ntwo' },
      { role: 'user', content: 'hello' },
    ];
    expect((await send('vllm', { prompt })).body['messages']).toEqual(roles);
    await server?.close();
    expect((await send('groq', { prompt })).body['messages']).toHaveLength(3);
  });

  it('gives the calls of other providers names that Mistral takes, the same each time', async () => {
    const prompt: ModelCall['prompt'] = [
      ...say('hello').prompt,
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', callId: 'call_of_another', name: 'f', arguments: '{}' },
          { type: 'tool-call', callId: 'abcDEF123', name: 'g', arguments: '{}' },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: 'call_of_another', name: 'f', output: '1' },
          { type: 'tool-result', callId: 'abcDEF123', name: 'g', output: '2' },
        ],
      },
    ];
    const { body } = await send('mistral', { prompt });
    const [, assistant, first, second] = body['messages'] as Record<string, unknown>[];
    const ids = (assistant!['tool_calls'] as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^[a-z0-9]{9}$/), 'abcDEF123']);
    expect([first!['tool_call_id'], second!['tool_call_id']]).toEqual(ids);
  });

  it('sends Perplexity no tools, but tells it of them', async () => {
    const tools = [{ name: 'f', parameters: { type: 'object' } }];
    const { body, warnings } = await send('perplexity', { ...say('hello'), tools, toolChoice: 'required' });
    expect(body).not.toHaveProperty('tools');
    expect(body).not.toHaveProperty('tool_choice');
    expect(body['messages']).toMatchObject([{ role: 'system', content: expect.stringContaining('"f"') as string }, {}]);
    expect(warnings).toEqual([]);
  });
});

async function perplexityAnswering(status: number) {
  server = await startLocalServer((response) => void response.writeHead(status).end('{}'));
  return createProviders([{ kind: 'perplexity', apiKey: 'k', baseUrl: server.url }])[0]!;
}

describe('a server without a list of models', () => {
  it('offers the known ones without being asked', async () => {
    const provider = await perplexityAnswering(500);
    expect(await provider.listModels(noAbort())).toContainEqual({ id: 'sonar-pro' });
    expect(server?.requests).toEqual([]);
  });

  it.each([
    [404, { ok: true }],
    [200, { ok: true }],
    [401, { ok: false, error: { code: 'bad_key' } }],
    [503, { ok: false, error: { code: 'unavailable' } }],
  ])('that answers %i is %j', async (status, health) => {
    expect(await (await perplexityAnswering(status)).healthCheck(noAbort())).toMatchObject(health);
  });
});
