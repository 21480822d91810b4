import { afterEach, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import type { Provider } from '../../spec/provider.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort } from '../../testing/prompts.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

async function providerAnswering(status: number, body: string): Promise<Provider> {
  server = await startLocalServer((response) => void response.writeHead(status).end(body));
  const [provider] = createProviders([{ kind: 'openai', apiKey: 'sk-0123456789', baseUrl: `${server.url}/v1` }]);
  return provider!;
}

it.each([
  ['{"object":"list","data":[{"id":"b","owned_by":"x"},{"id":"a"}]}', ['b', 'a']],
  ['[{"id":"bare"}]', ['bare']],
  ['{"object":"list","data":null}', []],
])('lists the models of %s', async (body, ids) => {
  const provider = await providerAnswering(200, body);
  expect((await provider.listModels(noAbort())).map(({ id }) => id)).toEqual(ids);
  expect(server?.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models' });
});

it('calls a list that is none malformed', async () => {
  const provider = await providerAnswering(200, '<html>');
  await expect(provider.listModels(noAbort())).rejects.toMatchObject({ code: 'malformed_response' });
});

it('is healthy when the model list answers', async () => {
  const provider = await providerAnswering(200, '{"data":[]}');
  expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true, latencyMs: expect.any(Number) });
});

it('says why it is not healthy', async () => {
  const provider = await providerAnswering(401, '{"error":{"message":"no"}}');
  expect(await provider.healthCheck(noAbort())).toMatchObject({
    ok: false,
    error: { code: 'bad_key', ref: { provider: 'openai' } },
  });
});

it('throws the reason of an aborted health check', async () => {
  const provider = await providerAnswering(200, '{"data":[]}');
  const reason = new Error('late');
  await expect(provider.healthCheck(AbortSignal.abort(reason))).rejects.toBe(reason);
});
