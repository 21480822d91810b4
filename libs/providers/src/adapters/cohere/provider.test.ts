import { afterEach, describe, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { providersFromEnvironment } from '../../environment.js';
import type { Provider } from '../../spec/provider.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort } from '../../testing/prompts.js';
import { isCohere, unversioned } from './settings.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

async function providerAnswering(status: number, body: string): Promise<Provider> {
  server = await startLocalServer((response) => void response.writeHead(status).end(body));
  const [provider] = createProviders([{ kind: 'cohere', apiKey: 'co-0123456789', baseUrl: server.url }]);
  if (!provider) throw new Error('no provider');
  return provider;
}

describe('the models', () => {
  it('are those that chat and will stay', async () => {
    const models = [{ name: 'a' }, { name: 'b', is_deprecated: true }, { name: 'c', is_deprecated: false }];
    const provider = await providerAnswering(200, JSON.stringify({ models, next_page_token: null }));
    expect(await provider.listModels(noAbort())).toEqual([{ id: 'a' }, { id: 'c' }]);
    expect(server?.requests[0]).toMatchObject({
      method: 'GET',
      path: '/v1/models?endpoint=chat&page_size=1000',
      headers: { authorization: 'Bearer co-0123456789' },
    });
  });

  it.each(['<html>', '{"data":[]}'])('are not in %s', async (body) => {
    const provider = await providerAnswering(200, body);
    await expect(provider.listModels(noAbort())).rejects.toMatchObject({ code: 'malformed_response' });
  });
});

describe('the health', () => {
  it('is good when the models answer', async () => {
    const provider = await providerAnswering(200, '{"models":[]}');
    expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true });
  });

  it('is what the provider says otherwise', async () => {
    const provider = await providerAnswering(401, '{"message":"invalid api token"}');
    expect(await provider.healthCheck(noAbort())).toMatchObject({
      ok: false,
      error: { code: 'bad_key', detail: 'HTTP 401 invalid api token' },
    });
  });

  it('is not asked for by a signal that is aborted', async () => {
    const provider = await providerAnswering(200, '{"models":[]}');
    const reason = new Error('late');
    await expect(provider.healthCheck(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('settings', () => {
  it.each([
    ['https://api.cohere.com', 'https://api.cohere.com', true],
    ['https://api.cohere.com/v2/', 'https://api.cohere.com', true],
    ['https://api.cohere.ai/v1', 'https://api.cohere.ai', true],
    ['http://localhost:8000/cohere/v2', 'http://localhost:8000/cohere', false],
    ['https://cohere.com.example.org', 'https://cohere.com.example.org', false],
  ])('take %s', (given, base, own) => {
    expect([unversioned(given), isCohere(given)]).toEqual([base, own]);
  });

  it('say that Cohere wants a key, and a private deployment none', () => {
    const providers = createProviders([{ kind: 'cohere' }, { kind: 'cohere', id: 'own', baseUrl: 'http://localhost' }]);
    expect(providers.map(({ keyConfig }) => keyConfig.required)).toEqual([true, false]);
    expect(providers[0]?.capabilities).toContain('documents');
  });

  it('come from the environment', () => {
    const [config, ...more] = providersFromEnvironment({ CO_API_KEY: 'co-1', COHERE_BASE_URL: '' });
    expect(config).toMatchObject({ kind: 'cohere', id: 'cohere', apiKey: 'co-1', baseUrl: 'https://api.cohere.com' });
    expect(more).toEqual([]);
    const alone = providersFromEnvironment({ COHERE_BASE_URL: 'http://localhost:8000' });
    expect(alone).toEqual([expect.objectContaining({ kind: 'cohere', baseUrl: 'http://localhost:8000' })]);
    const both = providersFromEnvironment({ OPENAI_API_KEY: 'sk-1', CO_API_KEY: 'co-1' });
    expect(both.map(({ kind }) => kind)).toEqual(['openai', 'cohere']);
  });
});

it('the models are what they say of themselves, whatever the server filters', async () => {
  const models = [
    {
      name: 'command-a',
      endpoints: ['chat', 'generate'],
      context_length: 256_000,
      sampling_defaults: { temperature: 0.3, k: 0, p: 0.75 },
    },
    { name: 'embed-v4.0', endpoints: ['embed'] },
    { name: 'rerank-v3.5' },
    { name: 7 },
  ];
  const provider = await providerAnswering(200, JSON.stringify({ models }));
  expect(await provider.listModels(noAbort())).toEqual([
    { id: 'command-a', contextWindow: 256_000, defaults: { temperature: 0.3, topP: 0.75 } },
  ]);
});
