import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest } from '../../http/http-client.js';
import { SdkTransport } from '../../sdk/sdk-transport.js';
import type { CallSettings } from '../../spec/call-settings.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';
import { Transport } from '../../wire/transport.js';
import { messagesCarrier } from './carriers.js';
import { createAnthropicClient } from './client.js';
import { toWire } from './request/to-wire.js';

const KEY = 'sk-ant-0123456789';
const ANTHROPIC = 'https://api.anthropic.com';

interface Given {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly settings?: CallSettings;
}

/** The request that would go out, from a transport that sends nothing. */
async function requestOf({ baseUrl = ANTHROPIC, model = 'claude-haiku-4-5', settings = {}, ...given }: Given) {
  const seen: HttpRequest[] = [];
  const transport = new Transport({ baseUrl, ...given }, Date.now);
  const send = (request: HttpRequest) => {
    seen.push(request);
    return Promise.resolve({ status: 200, headers: {}, body: undefined as never, release: () => undefined });
  };
  const sdk = new SdkTransport(Object.assign(transport, { client: { send } }));
  const client = createAnthropicClient({ kind: 'anthropic', baseUrl, apiKey: given.apiKey }, sdk);
  const ref = { provider: 'anthropic', model };
  await messagesCarrier(client, sdk)(toWire({ ...say('hi'), settings }, ref), ref, noAbort());
  const { accept: _, 'accept-encoding': __, 'content-type': ___, ...headers } = seen[0]!.headers;
  return { url: seen[0]!.url, headers };
}

describe('Anthropic itself', () => {
  it("gets the SDK's version and authentication, and nothing else", async () => {
    expect(await requestOf({ apiKey: KEY })).toEqual({
      url: `${ANTHROPIC}/v1/messages`,
      headers: { authorization: `Bearer ${KEY}`, 'anthropic-version': '2026-10-21' },
    });
  });

  it.each([{ temperature: 0 }, { topP: 0.5 }, { topK: 3 }])(
    'gets %j with the version that still takes it',
    async (settings) => {
      const { headers } = await requestOf({ apiKey: KEY, settings });
      expect(headers['anthropic-version']).toBe('2023-06-01');
    },
  );

  it('gets the version of the configuration, whatever the settings', async () => {
    const headers = { 'Anthropic-Version': '2030-01-01' };
    const request = await requestOf({ apiKey: KEY, headers, settings: { temperature: 0 } });
    expect(request.headers['anthropic-version']).toBe('2030-01-01');
  });
});

describe('a look-alike', () => {
  it.each([
    [{ apiKey: KEY }, { 'x-api-key': KEY }],
    [{}, {}],
    [{ headers: { Authorization: 'Bearer own' } }, { authorization: 'Bearer own' }],
  ])('with %j gets %j and the version that it knows', async (given, expected) => {
    const { url, headers } = await requestOf({ baseUrl: 'http://127.0.0.1:1/proxy/v1/', ...given });
    expect(url).toBe('http://127.0.0.1:1/proxy/v1/messages');
    expect(headers).toEqual({ 'anthropic-version': '2023-06-01', ...expected });
  });
});

describe('the SDK', () => {
  let server: LocalServer | undefined;
  afterEach(async () => {
    vi.restoreAllMocks();
    await server?.close();
    server = undefined;
  });

  it('writes nothing to the console about a deprecated model', async () => {
    const written = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
    await requestOf({ apiKey: KEY, model: 'claude-opus-4-5' });
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
  });

  it('lets an abort through to the socket even after a garbage collection', async () => {
    server = await startLocalServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ping\ndata: {"type":"ping"}\n\n');
    });
    const sdk = new SdkTransport(new Transport({ baseUrl: server.url }, Date.now));
    const client = createAnthropicClient({ kind: 'anthropic', baseUrl: server.url }, sdk);
    const stop = new AbortController();
    const ref = { provider: 'anthropic', model: 'm' };
    const response = await messagesCarrier(client, sdk)(toWire(say('hi'), ref), ref, stop.signal);
    await collectGarbage();
    stop.abort(new Error('stopped'));
    expect(await Promise.race([server.requests[0]!.hungUp, wait(2_000, false)])).toBe(true);
    response.release(false);
  });
});

/** Several times, with time for the finalizers, by which the SDK notices that nobody has its response any more. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let round = 0; round < 5; round++) {
    collect();
    await wait(10);
  }
}
