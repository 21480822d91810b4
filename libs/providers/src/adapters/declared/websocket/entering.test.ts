import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { ask, modelAt, providerAt, useTalkServers } from '../../../../../../test/support/talk-provider.js';
import { type Asked, exampleEntry } from '../../../../../../test/support/talk-server.js';
import { createProviders } from '../../../config.js';
import { startLocalProxy } from '../../../testing/local-proxy.js';
import { noAbort } from '../../../testing/prompts.js';
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
