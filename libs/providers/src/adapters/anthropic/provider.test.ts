import { afterEach, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { providersFromEnvironment } from '../../environment.js';
import type { Provider } from '../../spec/provider.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

async function providerAnswering(status: number, body: string): Promise<Provider> {
  server = await startLocalServer((response) => void response.writeHead(status).end(body));
  const [provider] = createProviders([{ kind: 'anthropic', apiKey: 'sk-0123456789', baseUrl: server.url }]);
  return provider!;
}

it('lists the models', async () => {
  const provider = await providerAnswering(200, '{"data":[{"type":"model","id":"b"},{"id":"a"}],"has_more":false}');
  expect(await provider.listModels(noAbort())).toEqual([{ id: 'b' }, { id: 'a' }]);
  expect(server?.requests[0]).toMatchObject({
    method: 'GET',
    path: '/v1/models?limit=1000',
    headers: { 'x-api-key': 'sk-0123456789', 'anthropic-version': '2023-06-01' },
  });
});

it('reads what the list says of them', async () => {
  const data = [
    { id: 'claude-a', display_name: 'Claude A', max_input_tokens: 1_000_000, max_tokens: 128_000, lifecycle: 'active' },
    { id: 'claude-b', display_name: null, max_input_tokens: null, lifecycle: 'retired' },
    { type: 'model' },
  ];
  const provider = await providerAnswering(200, JSON.stringify({ data }));
  expect(await provider.listModels(noAbort())).toEqual([
    { id: 'claude-a', name: 'Claude A', contextWindow: 1_000_000, maxOutput: 128_000 },
  ]);
});

it.each(['<html>', '{}'])('calls the list %s malformed', async (body) => {
  const provider = await providerAnswering(200, body);
  await expect(provider.listModels(noAbort())).rejects.toMatchObject({ code: 'malformed_response' });
});

it('is healthy when the model list answers, and says why it is not', async () => {
  const healthy = await providerAnswering(200, '{"data":[]}');
  expect(await healthy.healthCheck(noAbort())).toMatchObject({ ok: true, latencyMs: expect.any(Number) });
  await server?.close();
  const refused = await providerAnswering(401, '{"type":"error","error":{"type":"authentication_error"}}');
  expect(await refused.healthCheck(noAbort())).toMatchObject({
    ok: false,
    error: { code: 'bad_key', ref: { provider: 'anthropic' } },
  });
});

it('throws the reason of an aborted health check', async () => {
  const provider = await providerAnswering(200, '{"data":[]}');
  const reason = new Error('late');
  await expect(provider.healthCheck(AbortSignal.abort(reason))).rejects.toBe(reason);
});

it('counts tokens', async () => {
  const provider = await providerAnswering(200, '{"input_tokens":14}');
  const call = { ...say('hi'), settings: { maxTokens: 5 } };
  expect(await provider.countTokens?.('m', call, noAbort())).toBe(14);
  expect(server?.requests[0]).toMatchObject({ method: 'POST', path: '/v1/messages/count_tokens' });
  expect(server?.requests[0]?.body).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  });
});

it('says whose tokens could not be counted', async () => {
  const provider = await providerAnswering(404, '{"type":"error","error":{"message":"model: m"}}');
  await expect(provider.countTokens?.('m', say('hi'), noAbort())).rejects.toMatchObject({
    code: 'model_unknown',
    ref: { provider: 'anthropic', model: 'm' },
  });
});

it('needs a key at Anthropic itself', () => {
  const providers = createProviders([
    { kind: 'anthropic' },
    { kind: 'anthropic', id: 'own', baseUrl: 'http://localhost:8000' },
  ]);
  expect(providers.map(({ keyConfig }) => keyConfig.required)).toEqual([true, false]);
  expect(providers[0]).toMatchObject({ id: 'anthropic', name: 'Anthropic', defaultModel: 'claude-sonnet-5-5' });
});

it('is enabled by a variable', () => {
  const withKey = providersFromEnvironment({ ANTHROPIC_API_KEY: 'k\n', OPENAI_API_KEY: 'o' });
  expect(withKey).toMatchObject([{ kind: 'openai' }, { kind: 'anthropic', id: 'anthropic', apiKey: 'k' }]);
  const withUrl = providersFromEnvironment({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:8000' });
  expect(withUrl).toMatchObject([{ kind: 'anthropic', baseUrl: 'http://127.0.0.1:8000' }]);
});
