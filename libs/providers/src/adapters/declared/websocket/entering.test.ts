import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { ask, modelAt, providerAt, useTalkServers } from '../../../../../../test/support/talk-provider.js';
import { type Asked, exampleEntry } from '../../../../../../test/support/talk-server.js';
import { createProviders } from '../../../config.js';
import { providersOf } from '../../../config-file-providers.js';
import { startLocalProxy } from '../../../testing/local-proxy.js';
import { collect, noAbort, say } from '../../../testing/prompts.js';
import { selfSigned } from '../../../testing/self-signed.js';
import { failureOf } from '../../../testing/failure-of.js';

const serve = useTalkServers();
/** Generous: the machine may be busy. */
const PATIENT = { timeout: 10_000 };

describe('who is not let in', () => {
  it('has the wrong key: by message', async () => {
    const server = await serve('talk');
    const wrong = { apiKey: 'sk-wrong-key-1234' };
    const error = await failureOf(ask(modelAt('talk', server, wrong)));
    expect(error).toMatchObject({ code: 'bad_key', ref: { provider: 'talk' } });
    expect(error.detail).toContain('unauthorized who is [secret]?');
    await expect.poll(server.open, PATIENT).toBe(0);
  });

  it('has the wrong key: by header', async () => {
    const server = await serve('plain');
    const error = await failureOf(ask(modelAt('plain', server, { apiKey: 'wrong' })));
    expect(error).toMatchObject({ code: 'bad_key', status: 401 });
  });

  it.each<[string, string, string, (socket: Asked['socket']) => void]>([
    ['a word of its own', 'bad_key', 'denied', (socket) => socket.send('{"type":"error","code":"denied"}')],
    ['a word that is declared', 'rate_limited', 'quota', (socket) => socket.send('{"type":"error","code":"quota"}')],
    ['the end of the connection', 'bad_key', '1008 go away', (socket) => socket.close(1008, 'go away')],
    ['the end of a busy server', 'overloaded', '1013 later', (socket) => socket.close(1013, 'later')],
    ['what nobody knows', 'malformed_response', 'seen: kind, v', (socket) => socket.send('{"kind":"hello","v":1}')],
    ['no word at all', 'unavailable', '1006', (socket) => socket.terminate()],
  ])('is reported by %s: %s', async (_, code, words, greet) => {
    const server = await serve('talk', { greet });
    const error = await failureOf(ask(modelAt('talk', server)));
    expect([error.code, error.detail]).toEqual([code, expect.stringContaining(words)]);
  });

  it('waits no longer than for any connection', async () => {
    const server = await serve('talk', { greet: () => undefined });
    const error = await failureOf(ask(modelAt('talk', server, {}, { connectMs: 50 })));
    expect(error).toMatchObject({ code: 'timeout', phase: 'connect' });
  });

  it('is seen by the health check', async () => {
    const server = await serve('talk');
    expect(await providerAt('talk', server).healthCheck(noAbort())).toMatchObject({ ok: true });
    await expect.poll(server.open, PATIENT).toBe(0);
    const wrong = await providerAt('talk', server, { apiKey: 'wrong' }).healthCheck(noAbort());
    expect(wrong).toMatchObject({ ok: false, error: { code: 'bad_key' } });
    const nowhere = await providerAt('talk', { url: 'ws://127.0.0.1:1' }).healthCheck(noAbort());
    expect(nowhere).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  it('may come by a key in the URL', async () => {
    const server = await serve('plain');
    const more = { url: `${server.url}/{{apiKey}}`, query: { token: '{{apiKey}}' }, headers: {}, apiKey: 'a/b & c' };
    const error = await failureOf(ask(modelAt('plain', server, more)));
    expect(error.code).toBe('bad_key');
    expect(server.violations).toEqual([]);
  });
});

/** Speaks to those who know the key, and says nothing before it is asked. */
async function startQuiet(speak: (socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  server.on('connection', (socket) => {
    let known = false;
    socket.on('message', (data) => {
      const { type, token } = JSON.parse(String(data)) as { type: string; token?: string };
      if (type === 'auth') known = token === 'key-1234';
      else if (known) speak(socket);
      else socket.send('{"type":"error","error":"not authenticated"}');
    });
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a server that does not answer who we are', () => {
  const auth = { message: { type: 'auth', token: '{{apiKey}}' } };
  const response = { type: 'type', kinds: { done: 'done', error: 'error' }, text: 'text', errorMessage: 'error' };
  const modelOf = (url: string, more: object = {}) => {
    const entry = {
      kind: 'websocket',
      id: 'quiet',
      url,
      apiKey: 'key-1234',
      request: { type: 'ask', q: '{{prompt}}' },
    };
    const { configs } = providersOf([{ ...entry, auth, response, ...more }], {});
    return createProviders(configs)[0]!.model('m');
  };

  it('is told and asked at once', async () => {
    const url = await startQuiet((socket) => {
      socket.send('{"type":"chunk","text":"Hello"}');
      socket.send('\uFEFF{"type":"done","model":"m-7"}');
    });
    const extra = { extra: { model: 'model' } };
    const parts = await collect(modelOf(url, { response: { ...response, ...extra } }).stream(say('hi'), noAbort()));
    expect(parts.find(({ type }) => type === 'text-delta')).toMatchObject({ text: 'Hello' });
    expect(parts.at(-1)).toMatchObject({ extra: { named: { model: 'm-7' } } });
  });

  it('refuses in place of an answer', async () => {
    const url = await startQuiet(() => undefined);
    const refused = { auth: { ...auth, refused: 'error' }, apiKey: 'wrong-key' };
    expect(await failureOf(ask(modelOf(url, refused)))).toMatchObject({ code: 'bad_key' });
    const error = await failureOf(ask(modelOf(url, { apiKey: 'wrong-key' })));
    expect(error.detail).toContain('not authenticated');
  });

  it('may answer in plain text', async () => {
    const url = await startQuiet((socket) => ['Hel', 'lo ', '42', '{"end":true}'].forEach((text) => socket.send(text)));
    const plain = { frames: 'text', kinds: { done: { path: 'end' } } };
    expect((await ask(modelOf(url, { response: plain }))).text).toBe('Hello 42');
    const other = await startQuiet((socket) => ['Hello', '[DONE]'].forEach((text) => socket.send(text)));
    expect((await ask(modelOf(other, { response: { frames: 'text', kinds: { done: '[DONE]' } } }))).text).toBe('Hello');
  });
});

describe('a proxy', () => {
  it('is asked for the connection, by the URL of HTTP', async () => {
    const server = await serve('talk');
    const through = await startLocalProxy();
    const asked: string[] = [];
    const proxyOf = (url: string) => {
      asked.push(url);
      return through.url;
    };
    const [provider] = createProviders([exampleEntry('talk', server.url)], undefined, { proxyOf });
    expect((await ask(provider!.model('talk-large'))).text).toBe('Hello wörld');
    const { host } = new URL(server.url);
    expect([asked, through.requests.map(({ line }) => line)]).toEqual([[`http://${host}/v1`], [`CONNECT ${host}`]]);
    await through.close();
  });

  it('tunnels what is encrypted', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = createServer(selfSigned());
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', () => socket.send('{"delta":"Hello","end":true}'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const through = await startLocalProxy();
    const [provider] = createProviders([exampleEntry('plain', `wss://${host}`, { proxy: through.url })]);
    expect((await ask(provider!.model('m'))).text).toBe('Hello');
    expect(through.requests.map(({ line }) => line)).toEqual([`CONNECT ${host}`]);
    vi.unstubAllEnvs();
    await through.close();
    server.close();
  });

  it('is named when it refuses', async () => {
    const through = await startLocalProxy(403);
    const entry = exampleEntry('talk', 'ws://127.0.0.1:1', { proxy: `http://me:secret-word@${through.host}` });
    const [provider] = createProviders([entry]);
    const error = await failureOf(ask(provider!.model('talk-large')));
    expect(error).toMatchObject({ code: 'unavailable', detail: expect.stringContaining(through.host) });
    expect(error.message).not.toContain('secret-word');
    await through.close();
  });
});
