import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createHttpsServer } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../config.js';
import { generate } from '../spec/generate.js';
import { type LocalProxy, startLocalProxy } from '../testing/local-proxy.js';
import { type LocalServer, startLocalServer } from '../testing/local-server.js';
import { noAbort, say } from '../testing/prompts.js';
import { failureOf } from '../testing/failure-of.js';
import { selfSigned } from '../testing/self-signed.js';
import { Transport } from '../wire/transport.js';
import { createHttpClient } from './http-client.js';
import { networkFailure } from './network-failure.js';

/** Generous: the machine may be busy. */
const PATIENT = { timeout: 10_000 };

const started: { close(): unknown }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(started.splice(0).map((one) => one.close()));
});

function kept<T extends { close(): unknown }>(one: T): T {
  started.push(one);
  return one;
}
const proxy = async (answer?: Parameters<typeof startLocalProxy>[0]) => kept(await startLocalProxy(answer));
const upstream = async (answer: Parameters<typeof startLocalServer>[0] = (response) => void response.end('fine')) =>
  kept(await startLocalServer(answer));

async function listening<T extends Server>(server: T): Promise<{ readonly port: number; readonly server: T }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

/** A server that speaks TLS. */
async function secureUpstream(): Promise<string> {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const server = createHttpsServer(selfSigned(), (_request, response) => response.end('fine'));
  const { port } = await listening(server);
  kept({ close: () => (server.closeAllConnections(), server.close()) });
  return `https://127.0.0.1:${port}`;
}

/** Takes every connection and says nothing. */
async function silent() {
  const sockets: Socket[] = [];
  const { port, server } = await listening(createTcpServer((socket) => void sockets.push(socket.resume())));
  kept({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { host: `127.0.0.1:${port}`, sockets };
}

async function closedPort(): Promise<string> {
  const { port, server } = await listening(createTcpServer());
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

const transport = (baseUrl: string, url: string) => new Transport({ baseUrl, proxyOf: () => url }, Date.now);
const read = (from: Transport, signal = noAbort()) => from.read('GET', '/x', { ref: { provider: 'p' } }, signal);
const send = (baseUrl: string, url?: string) =>
  createHttpClient(baseUrl, { proxy: url, connectMs: 50 })
    .send({ method: 'GET', url: `${baseUrl}/x`, headers: {} }, noAbort())
    .catch((error: unknown) => {
      throw networkFailure(error, { ref: { provider: 'p' }, started: false, secrets: [] });
    });
const configOf = (config: object) => config as ProviderConfigInput;
const GRAPHQL = {
  query: 'query ($text: String!) { ask(text: $text) }',
  variables: { text: '{{prompt}}' },
  response: { text: 'ask' },
};
const withPassword = ({ host }: Pick<LocalProxy, 'host'>) => `http://me:s%40cret-word@${host}`;
const BASIC = `Basic ${Buffer.from('me:s@cret-word').toString('base64')}`;

describe('a proxy', () => {
  it('tunnels https, over one connection for one request after the other', async () => {
    const baseUrl = await secureUpstream();
    const through = await proxy();
    const from = transport(baseUrl, withPassword(through));
    for (let turn = 0; turn < 3; turn++) {
      expect(await read(from)).toBe('fine');
      await wait(5);
    }
    expect(through.requests).toMatchObject([{ line: `CONNECT ${new URL(baseUrl).host}`, authorization: BASIC }]);
  });

  it('forwards http, over one connection as well', async () => {
    const server = await upstream();
    const through = await proxy();
    const from = transport(server.url, withPassword(through));
    const bodies = ['one', 'zwölf'];
    for (const body of bodies) {
      await from.read('POST', '/x', { ref: { provider: 'p' }, body: { body } }, noAbort());
      await wait(5);
    }
    const line = `POST ${server.url}/x`;
    expect(through.requests).toMatchObject([
      { line, authorization: BASIC },
      { line, authorization: BASIC },
    ]);
    expect(server.requests.map((request) => request.body['body'])).toEqual(bodies);
    const open = through.requests.map(({ closed }) => closed);
    expect(await Promise.race([...open, wait(20, 'open')])).toBe('open');
  });

  it('takes a password that nobody has encoded', async () => {
    const through = await proxy();
    await read(transport((await upstream()).url, `http://me:100%@${through.host}`));
    expect(through.requests[0]?.authorization).toBe(`Basic ${Buffer.from('me:100%').toString('base64')}`);
  });

  it.each(['https://127.0.0.1:1', 'http://127.0.0.1:1'])(
    'is named without its password when it is not there: %s',
    async (to) => {
      const host = await closedPort();
      const error = await failureOf(read(transport(to, withPassword({ host }))));
      expect(error).toMatchObject({
        code: 'unavailable',
        detail: expect.stringContaining(`through the proxy ${host}`),
      });
      expect(JSON.stringify([error.detail, error.message, String(error.cause)])).not.toMatch(/cret-word/);
    },
  );

  it.each([
    ['https://127.0.0.1:1', 407],
    ['https://127.0.0.1:1', 403],
    ['http://127.0.0.1:1', 407],
  ])('is distinguished from the provider when it refuses: %s %i', async (to, status) => {
    const through = await proxy(status);
    const error = await failureOf(read(transport(to, withPassword(through))));
    expect(error).toMatchObject({ code: 'unavailable', detail: expect.stringContaining(String(status)) });
    expect(error.detail).toContain(`through the proxy ${through.host}`);
    expect(error.detail).not.toContain('cret-word');
  });

  it.each(['https://127.0.0.1:1', 'http://127.0.0.1:1'])('is left at once by who is stopped: %s', async (to) => {
    const through = await proxy('silence');
    const stop = new AbortController();
    const reason = new Error('enough');
    const answer = read(transport(to, through.url), stop.signal);
    await expect.poll(() => through.requests.length, PATIENT).toBe(1);
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await through.requests[0]?.closed;
  });

  it('hangs up on the provider when who asks is stopped in mid-answer', async () => {
    const server = await upstream((response) => void response.writeHead(200).write('half'));
    const stop = new AbortController();
    const response = await createHttpClient(server.url, { proxy: (await proxy()).url }).send(
      { method: 'GET', url: `${server.url}/x`, headers: {} },
      stop.signal,
    );
    expect(response.status).toBe(200);
    stop.abort();
    expect(await server.requests[0]?.hungUp).toBe(true);
  });
});

describe('a connection that does not come about', () => {
  const late = { code: 'timeout', phase: 'connect', retryable: true };

  it('is a timeout of the phase, and is closed', async () => {
    const { host, sockets } = await silent();
    expect(await failureOf(send(`https://${host}`))).toMatchObject({
      ...late,
      detail: 'ETIMEDOUT: no connection within 50 ms',
    });
    await expect.poll(() => sockets.map(({ closed }) => closed), PATIENT).toEqual([true]);
  });

  it('is one through a proxy as well', async () => {
    const through = await proxy('silence');
    const error = await failureOf(send('https://127.0.0.1:1', through.url));
    expect(error).toMatchObject({ ...late, detail: expect.stringContaining(through.host) });
    await through.requests[0]?.closed;
  });

  it('is another matter than a server that thinks', async () => {
    const server = await upstream(async (response) => {
      await wait(150);
      response.end('fine');
    });
    expect(await send(server.url)).toMatchObject({ status: 200 });
    expect(await send(server.url, (await proxy()).url)).toMatchObject({ status: 200 });
  });
});

/** Calls a provider that is at a server of ours, and says who was asked. */
async function askedOf(config: object, around?: string): Promise<{ direct: LocalServer; through: number }> {
  const through = await proxy();
  const direct = await upstream((response) => void response.writeHead(500).end());
  const full = { ...config, ...('endpoint' in config ? { endpoint: direct.url } : { baseUrl: direct.url }) };
  const own = 'proxy' in config && config.proxy === 'own' ? { proxy: through.url } : {};
  const proxyOf = () => (around === 'proxy' ? through.url : around);
  const [provider] = createProviders([configOf({ ...full, ...own })], undefined, { proxyOf });
  await generate(provider!.model('m'), say('hi'), noAbort()).catch(() => undefined);
  return { direct, through: through.requests.length };
}

describe('the proxy of a provider', () => {
  const kinds: readonly ((baseUrl: string) => object)[] = [
    (baseUrl) => ({ kind: 'openai', baseUrl }),
    (baseUrl) => ({ kind: 'openai-compatible', id: 'a', defaultModel: 'm', baseUrl }),
    (baseUrl) => ({ kind: 'gateway', defaultModel: 'm', baseUrl }),
    (endpoint) => ({ kind: 'azure-openai', endpoint }),
    (baseUrl) => ({ kind: 'anthropic', baseUrl }),
    (baseUrl) => ({ kind: 'bedrock', region: 'us-east-1', apiKey: 'k', baseUrl }),
    (baseUrl) => ({ kind: 'vertex', projectId: 'p', region: 'global', accessToken: 't', baseUrl }),
    (baseUrl) => ({ kind: 'cohere', baseUrl }),
    (baseUrl) => ({ kind: 'huggingface', baseUrl }),
    (baseUrl) => ({ kind: 'huggingface', api: 'text-generation-inference', baseUrl }),
    (baseUrl) => ({ kind: 'ollama', baseUrl }),
    (baseUrl) => ({ kind: 'groq', baseUrl }),
    (baseUrl) => ({ kind: 'http', id: 'a', baseUrl, request: { body: '{{prompt}}' }, response: { text: 'text' } }),
    (baseUrl) => ({ kind: 'graphql', id: 'a', baseUrl, ...GRAPHQL }),
  ];
  it.each(kinds.map((make) => make('http://x')))('is the one around it: %j', async (config) => {
    const { direct, through } = await askedOf(config, 'proxy');
    expect([direct.requests.length, through]).toEqual([1, 1]);
  });

  it('is none when nobody names one', async () => {
    expect(await askedOf(kinds[0]!('http://x'))).toMatchObject({ direct: { requests: [{}] }, through: 0 });
  });

  it('is its own before the one around it', async () => {
    const config = { kind: 'openai', proxy: 'own' };
    expect(await askedOf(config, `http://${await closedPort()}`)).toMatchObject({ through: 1 });
  });

  it('is none when it says so', async () => {
    const { direct, through } = await askedOf({ kind: 'openai', proxy: false }, 'proxy');
    expect([direct.requests.length, through]).toEqual([1, 0]);
  });

  it('is asked for by the URL that is called', () => {
    const asked: string[] = [];
    const proxyOf = (url: string) => void asked.push(url);
    createProviders([{ kind: 'cohere' }, { kind: 'demo' }], undefined, { proxyOf });
    expect(asked).toEqual(['https://api.cohere.com']);
  });
});
