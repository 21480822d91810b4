import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, ProviderConfig } from '../../config.js';
import { createRegistry } from '../../registry.js';
import { generate } from '../../spec/generate.js';
import { conformance } from '../../testing/conformance.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';

const servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const FRAMES = [delta('Hello '), delta('there'), 'data: [DONE]\n\n'];

/** A gateway that streams chat completions, as ours does. */
async function startGateway(): Promise<LocalServer> {
  const server = await startLocalServer(async (response, { path }) => {
    if (path.endsWith('/models'))
      return void response.end(JSON.stringify({ data: [{ id: 'fast' }, { id: 'openai/x' }] }));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const frame of FRAMES) {
      response.write(frame);
      await new Promise(setImmediate);
    }
    response.end();
  });
  servers.push(server);
  return server;
}

const gatewayAt = (baseUrl: string, more: object = {}) =>
  createProviders([{ kind: 'gateway', baseUrl, defaultModel: 'fast', ...more }])[0]!;

conformance('a gateway', async () => gatewayAt(`${(await startGateway()).url}/v1`).model('fast'));

describe('a gateway', () => {
  it('is asked as OpenAI is, by its own names of models', async () => {
    const server = await startGateway();
    const gateway = gatewayAt(`${server.url}/v1/`, { apiKey: 'gw-key', headers: { 'x-team': 'support' } });
    expect((await generate(gateway.model('openai/x'), say('hi'), noAbort())).text).toBe('Hello there');
    expect(await gateway.listModels(noAbort())).toEqual([{ id: 'fast' }, { id: 'openai/x' }]);
    expect(await gateway.healthCheck(noAbort())).toMatchObject({ ok: true });
    const [asked, listed] = server.requests;
    expect(asked).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer gw-key', 'x-team': 'support' },
      body: { model: 'openai/x', stream: true, messages: [{ role: 'user', content: 'hi' }] },
    });
    expect(listed?.path).toBe('/v1/models');
  });

  it('gets fields of its own, at a path of its own; what the call says counts', async () => {
    const server = await startGateway();
    const body = { route: 'fallback', metadata: { app: 'relay' }, temperature: 1, max_tokens: 10 };
    const gateway = gatewayAt(server.url, { path: '/api/chat?v=2', body });
    const model = createRegistry([gateway]).resolve('gateway/fast');
    await generate(model, { ...say('hi'), settings: { temperature: 0 } }, noAbort());
    expect(server.requests[0]).toMatchObject({
      path: '/api/chat?v=2',
      body: { ...body, temperature: 0, model: 'fast' },
    });
  });

  it.each([
    [{ body: { stream: false } }, 'body.stream', 'is written by the relay; leave it out'],
    [{ body: { route: () => 'x' } }, 'body.route', 'Invalid input'],
    [{ path: 'chat' }, 'path', 'must begin with a slash: /chat/completions'],
    [{ defaultModel: undefined }, 'defaultModel', 'Invalid input: expected string, received undefined'],
  ])('refuses %j', (more, path, message) => {
    const config = { kind: 'gateway', baseUrl: 'http://x', defaultModel: 'm', ...more };
    const issues = ProviderConfig.safeParse(config).error?.issues ?? [];
    expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[path, message]]);
  });
});
