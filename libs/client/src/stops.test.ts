import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatKitFetchOptions } from './create-chatkit-fetch.js';
import { ADD, aFetchFor, CREATE, post, readSome } from './testing/a-fetch.js';
import { FakeRelay, RUN_ID } from './testing/fake-relay.js';

const CANCEL = `POST /chatkit/runs/${RUN_ID}/cancel`;
const STOPS_KEY = 'chatkit-relay:stops';
/** More than a message is tried in these tests. */
const LONG = 9;

/** The way to a server, which may be interrupted. Each test has its own: stops of earlier ones may still be tried. */
class Network {
  isOnline = true;
  /** Requests that reached nobody. */
  readonly lost: string[] = [];

  constructor(private readonly relay: FakeRelay) {}

  readonly fetch: typeof fetch = async (input, init) => {
    if (this.isOnline) return this.relay.fetch(input, init);
    this.lost.push(`${init?.method ?? 'GET'} ${String(input)}`);
    throw new TypeError('fetch failed');
  };
}

let relay: FakeRelay;
let network: Network;
let stored: Map<string, string>;

beforeEach(() => {
  relay = new FakeRelay(['data: {"n":1}\n\n', 'data: {"n":2}\n\n']);
  network = new Network(relay);
  stored = new Map();
});

// A stop is tried for as long as nobody is reached: one that outlives its file would keep the timers of the next busy.
afterEach(() => {
  network.isOnline = true;
});

const aFetch = (options: ChatKitFetchOptions = {}) => aFetchFor(relay, stored, { fetch: network.fetch, ...options });
const isCancelled = (): Promise<void> => vi.waitFor(() => expect(relay.paths()).toContain(CANCEL));

/** An answer that is being read, with the button that stops it. */
async function anAnswer(chatFetch: typeof fetch) {
  const abort = new AbortController();
  await readSome(await chatFetch(...post(CREATE, { signal: abort.signal })), 1);
  return { stop: () => abort.abort() };
}

describe('a stop without a network', () => {
  it('is kept, however long that takes, and carried out when the network is back', async () => {
    const { stop } = await anAnswer(aFetch());
    network.isOnline = false;
    stop();
    await vi.waitFor(() => expect(network.lost.length).toBeGreaterThan(LONG));
    expect(relay.paths()).toEqual(['POST /chatkit']);
    network.isOnline = true;
    await isCancelled();
    await vi.waitFor(() => expect(stored.size).toBe(0));
  });

  it('is carried out before a message that is sent after it', async () => {
    const chatFetch = aFetch({ retry: { attempts: 99, firstMs: 1, maxMs: 2 } });
    const { stop } = await anAnswer(chatFetch);
    network.isOnline = false;
    stop();
    const next = chatFetch(...post(ADD));
    await vi.waitFor(() => expect(network.lost.length).toBeGreaterThan(LONG));
    expect(network.lost.filter((request) => !request.endsWith('/cancel'))).toEqual([]);
    network.isOnline = true;
    await (await next).text();
    expect(relay.paths()).toEqual(['POST /chatkit', CANCEL, 'POST /chatkit']);
  });

  it.each([
    { type: 'threads.list', params: {} },
    { type: 'threads.delete', params: { thread_id: 'thr_1' } },
  ])('is carried out before $type, too', async (request) => {
    const chatFetch = aFetch({ retry: { attempts: 3, firstMs: 60_000, maxMs: 60_000 } });
    const { stop } = await anAnswer(chatFetch);
    network.isOnline = false;
    stop();
    await vi.waitFor(() => expect(network.lost).toHaveLength(1));
    network.isOnline = true;
    relay.next.push(Response.json({ met: 'working' }), Response.json({}));
    await chatFetch(...post(request));
    expect(relay.paths()).toEqual(['POST /chatkit', CANCEL, 'POST /chatkit']);
  });

  it('survives a reload, and is carried out by the next page before anything else', async () => {
    const { stop } = await anAnswer(aFetch());
    network.isOnline = false;
    stop();
    await vi.waitFor(() => expect(network.lost.length).toBeGreaterThan(0));
    const copy = new Map(stored);
    relay = new FakeRelay(relay.entries);
    const again = aFetchFor(relay, copy, { headers: { authorization: 'Bearer new' } });
    await (await again(...post(ADD))).text();
    expect(relay.paths()).toEqual([CANCEL, 'POST /chatkit']);
    expect(relay.received[0]?.headers.get('authorization')).toBe('Bearer new');
    expect(copy.has(STOPS_KEY)).toBe(false);
  });

  it.each(['{', '{"id":1}', '[null,{"id":"run_1"}]'])('that is stored as %s is no obstacle', async (text) => {
    stored.set(STOPS_KEY, text);
    await (await aFetch()(...post(ADD))).text();
    expect(relay.paths()).toEqual(['POST /chatkit']);
  });

  it('that the server refuses is over', async () => {
    const { stop } = await anAnswer(aFetch());
    relay.next.push(Response.json({}, { status: 404 }));
    stop();
    await vi.waitFor(() => expect(stored.size).toBe(0));
    expect(relay.paths()).toEqual(['POST /chatkit', CANCEL]);
  });

  it('that the server cannot carry out holds nothing up, and is given up in the end', async () => {
    const chatFetch = aFetch();
    const { stop } = await anAnswer(chatFetch);
    relay.failing = { path: '/cancel', status: 500 };
    stop();
    await (await chatFetch(...post(ADD))).text();
    const cancels = (): number => relay.paths().filter((path) => path === CANCEL).length;
    await vi.waitFor(() => expect(cancels()).toBeGreaterThan(3));
    await new Promise((resolve) => setTimeout(resolve, 30));
    // Retries, and one before the message.
    expect(cancels()).toBeLessThanOrEqual(1 + 3 + 1);
  });

  it('is not given up by the first failure of a server that could not be reached for long', async () => {
    const { stop } = await anAnswer(aFetch());
    network.isOnline = false;
    stop();
    await vi.waitFor(() => expect(network.lost.length).toBeGreaterThan(LONG));
    relay.next.push(Response.json({}, { status: 500 }));
    network.isOnline = true;
    await vi.waitFor(() => expect(relay.paths().filter((path) => path === CANCEL)).toHaveLength(2));
    await vi.waitFor(() => expect(stored.size).toBe(0));
  });

  it('by the id of the thread is kept as well', async () => {
    const chatFetch = aFetch();
    await anAnswer(chatFetch);
    network.isOnline = false;
    expect(await chatFetch.cancel('thr_1')).toBe(true);
    network.isOnline = true;
    await isCancelled();
  });
});

describe('a message that is stopped before the server has answered', () => {
  it('is tried until it is known whether there is something to stop', async () => {
    const abort = new AbortController();
    network.isOnline = false;
    const answer = aFetch({ retry: { attempts: 99, firstMs: 1, maxMs: 2 } })(...post(CREATE, { signal: abort.signal }));
    await vi.waitFor(() => expect(network.lost.length).toBeGreaterThan(2));
    abort.abort();
    await expect(answer).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    network.isOnline = true;
    await isCancelled();
    expect(relay.paths()).toEqual(['POST /chatkit', CANCEL]);
  });

  it('and was never tried is not sent', async () => {
    const chatFetch = aFetch({ retry: { attempts: 99, firstMs: 1, maxMs: 2 } });
    const { stop } = await anAnswer(chatFetch);
    network.isOnline = false;
    stop();
    const abort = new AbortController();
    const next = chatFetch(...post(ADD, { signal: abort.signal }));
    await vi.waitFor(() => expect(network.lost.length).toBeGreaterThan(2));
    abort.abort();
    await expect(next).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    network.isOnline = true;
    await isCancelled();
    expect(relay.received.filter(({ body }) => body.includes(ADD.type))).toEqual([]);
  });
});
