import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatKitFetchOptions } from './create-chatkit-fetch.js';
import { relaySettings } from './relay-options.js';
import { ADD, aFetchFor, CREATE, post, readSome } from './testing/a-fetch.js';
import { FakeRelay, PREAMBLE, RUN_ID, THREAD_ID } from './testing/fake-relay.js';

const CANCEL = `POST /chatkit/runs/${RUN_ID}/cancel`;
const EVENTS = `GET /chatkit/runs/${RUN_ID}/events`;
const LIST = `GET /chatkit/threads/${THREAD_ID}/runs`;
const MEMORY_KEY = `chatkit-relay:run:${THREAD_ID}`;

const frame = (n: number): string => `data: {"n":${n}}\n\n`;
const entries = [1, 2, 3, 4].map(frame);

let relay: FakeRelay;
let stored: Map<string, string>;

beforeEach(() => {
  relay = new FakeRelay(entries);
  stored = new Map();
});

const aFetch = (options: ChatKitFetchOptions = {}) => aFetchFor(relay, stored, options);
const unavailable = (status: number): Response => new Response('{}', { status, headers: { 'retry-after': '0' } });

const aborted = expect.objectContaining({ name: 'AbortError' });
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const bytesToMark = (n: number): number => `${PREAMBLE}id: 0-0\n\n`.length + n * `${frame(1)}id: 1-1\n\n:\n\n`.length;

describe('a message', () => {
  it('is announced, has a key of its own, and is read without marks', async () => {
    const chatFetch = aFetch({ headers: async () => ({ authorization: 'Bearer new' }) });
    const response = await chatFetch(...post(CREATE, { headers: { 'content-type': 'application/json' } }));
    expect(response.headers.get('chatkit-run-id')).toBe(RUN_ID);
    expect(await response.text()).toBe(relay.whole);
    await (await chatFetch(...post(CREATE))).text();
    const [first, second] = relay.received;
    expect(first?.headers.get('chatkit-relay-client')).toMatch(/^\d/);
    expect(first?.headers.get('authorization')).toBe('Bearer new');
    expect(first?.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.headers.get('idempotency-key')).not.toBe(second?.headers.get('idempotency-key'));
  });

  it.each([
    ['the network fails', () => new TypeError('fetch failed')],
    ['the server is busy (503)', () => unavailable(503)],
    ['a proxy finds no server (502)', () => unavailable(502)],
  ])('is sent again under the same key when %s', async (_, failure) => {
    relay.next.push(failure(), failure());
    const response = await aFetch()(...post(CREATE));
    expect(await response.text()).toBe(relay.whole);
    expect(relay.received).toHaveLength(3);
    expect(new Set(relay.received.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
    expect(new Set(relay.received.map(({ body }) => body)).size).toBe(1);
  });

  it.each([400, 401, 404, 409, 422, 429, 500])('that is refused with %i is not sent again', async (status) => {
    relay.next.push(Response.json({ error: { message: 'no' } }, { status }));
    const response = await aFetch()(...post(CREATE));
    expect([response.status, await response.json()]).toEqual([status, { error: { message: 'no' } }]);
    expect(relay.received).toHaveLength(1);
  });

  it.each([0, 2, 7])('is sent again as often as the option says (%i)', async (attempts) => {
    for (const options of [{ retry: { attempts } }, { retry: { attempts: 99 }, sendRetry: { attempts } }]) {
      relay = new FakeRelay(entries);
      relay.next.push(...Array.from({ length: 99 }, () => new TypeError('fetch failed')));
      const pauses = { firstMs: 1, maxMs: 1 };
      const chatFetch = aFetch({ ...options, retry: { ...options.retry, ...pauses } });
      await expect(chatFetch(...post(CREATE))).rejects.toThrow('fetch failed');
      expect(relay.received).toHaveLength(1 + attempts);
      expect(new Set(relay.received.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
    }
  });

  it('is tried long enough for a restart of the server, unless told', () => {
    const { sendRetry } = relaySettings({});
    const shortest = Array.from(
      { length: sendRetry.attempts },
      (_, n) => Math.min(sendRetry.firstMs * 2 ** n, sendRetry.maxMs) / 2,
    );
    expect(shortest.reduce((sum, ms) => sum + ms)).toBeGreaterThan(30_000);
  });

  it('fails after several tries, with the last answer', async () => {
    relay.next.push(...Array.from({ length: 9 }, () => unavailable(503)));
    const response = await aFetch()(...post(CREATE));
    expect([response.status, await response.text()]).toEqual([503, '{}']);
    expect(relay.received).toHaveLength(4);
    relay.next.splice(0, 9, ...Array.from({ length: 9 }, () => new TypeError('fetch failed')));
    await expect(aFetch()(...post(CREATE))).rejects.toThrow('fetch failed');
  });

  it('keeps a key of the caller', async () => {
    await (await aFetch()(...post(CREATE, { headers: { 'Idempotency-Key': 'mine' } }))).text();
    expect(relay.received[0]?.headers.get('idempotency-key')).toBe('mine');
  });
});

describe('other requests', () => {
  it('pass unchanged: uploads, and anything else that is not a request of the protocol', async () => {
    const chatFetch = aFetch();
    for (const init of [{}, { method: 'POST', body: 'no json' }, { method: 'PUT', body: '{"type":"x"}' }]) {
      relay.next.push(new Response('as it is'));
      expect(await (await chatFetch('/files', init)).text()).toBe('as it is');
    }
    expect(relay.received.map(({ body }) => body)).toEqual(['', 'no json', '{"type":"x"}']);
    expect(relay.received.some(({ headers }) => headers.has('idempotency-key'))).toBe(false);
  });

  it('that answer with JSON are announced and have no key', async () => {
    relay.next.push(Response.json({ id: THREAD_ID }));
    await aFetch()(...post({ type: 'threads.get_by_id', params: { thread_id: THREAD_ID } }));
    const [{ headers } = { headers: new Headers() }] = relay.received;
    expect([headers.has('chatkit-relay-client'), headers.has('idempotency-key')]).toEqual([true, false]);
  });

  it('to another server stream unchanged', async () => {
    relay.next.push(new Response('data: id: end\n\n:\n\n', { headers: { 'content-type': 'text/event-stream' } }));
    expect(await (await aFetch()(...post(CREATE))).text()).toBe('data: id: end\n\n:\n\n');
  });

  it('are read from a Request object as well', async () => {
    const request = new Request('http://relay.test/chatkit', { method: 'POST', body: JSON.stringify(CREATE) });
    expect(await (await aFetch()(request)).text()).toBe(relay.whole);
  });
});

describe('the edit of a message', () => {
  const EDIT = { item_id: 'msg_1', input: {} };
  const edit = (init: RequestInit = {}, path = `/chatkit/threads/${THREAD_ID}/edit?assistant=poet`) =>
    [path, post(EDIT, init)[1]] as const;

  it('is announced, is sent again under one key, and goes on behind what was read', async () => {
    relay.next.push(new TypeError('fetch failed'));
    relay.cuts = [{ after: bytesToMark(2) + 5, how: 'breaks' }];
    expect(await (await aFetch()(...edit())).text()).toBe(relay.whole);
    expect(relay.paths()).toEqual([
      `POST /chatkit/threads/${THREAD_ID}/edit`,
      `POST /chatkit/threads/${THREAD_ID}/edit`,
      EVENTS,
    ]);
    const [first, second] = relay.received;
    expect(first?.headers.get('chatkit-relay-client')).toMatch(/^\d/);
    expect(first?.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers.get('idempotency-key')).toBe(first?.headers.get('idempotency-key'));
  });

  it('is remembered for its thread, and stopped there', async () => {
    const chatFetch = aFetch();
    const abort = new AbortController();
    await readSome(await chatFetch(...edit({ signal: abort.signal })), 2);
    expect(stored.get(MEMORY_KEY)).toBe(RUN_ID);
    abort.abort();
    await vi.waitFor(() => expect(relay.paths().at(-1)).toBe(CANCEL));
  });

  it.each([
    '/other/threads/thr_1/edit',
    '/chatkit/threads/thr_1',
    '/chatkit/threads/a/b/edit',
    '/chatkit/threads/%zz/edit',
  ])('is none at %s', async (path) => {
    await (await aFetch()(...edit({}, path))).text();
    expect(relay.received.map(({ headers }) => headers.has('idempotency-key'))).toEqual([false]);
  });
});

describe('a stream that breaks', () => {
  it.each(['breaks', 'ends'] as const)('(%s) goes on behind what was read, with the same headers', async (how) => {
    relay.cuts = [{ after: bytesToMark(2) + 5, how }];
    const headers = { authorization: 'Bearer me', 'content-type': 'application/json' };
    const response = await aFetch()(...post(CREATE, { headers }));
    expect(await response.text()).toBe(relay.whole);
    expect(relay.paths()).toEqual(['POST /chatkit', EVENTS]);
    const follow = relay.received[1]?.headers;
    expect(follow?.get('last-event-id')).toBe('1-2');
    expect(follow?.get('authorization')).toBe('Bearer me');
    expect([follow?.has('content-type'), follow?.has('idempotency-key')]).toEqual([false, false]);
  });

  it('before its first mark is requested again with the same key', async () => {
    relay.cuts = [{ after: 10, how: 'breaks' }];
    const response = await aFetch()(...post(CREATE));
    expect(await response.text()).toBe(relay.whole);
    expect(relay.paths()).toEqual(['POST /chatkit', 'POST /chatkit']);
    expect(new Set(relay.received.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
  });

  it('fails if the server refuses to continue, or several tries bring nothing new', async () => {
    relay.cuts = [{ after: bytesToMark(1), how: 'breaks' }];
    const chatFetch = aFetch();
    const refused = await chatFetch(...post(CREATE));
    relay.next.push(Response.json({}, { status: 404 }));
    await expect(refused.text()).rejects.toThrow('404');
    expect(relay.received).toHaveLength(2);

    relay.cuts = [{ after: bytesToMark(1), how: 'breaks' }];
    const lost = await chatFetch(...post(CREATE));
    relay.next.push(...Array.from({ length: 9 }, () => new TypeError('fetch failed')));
    await expect(lost.text()).rejects.toThrow('fetch failed');
    expect(relay.received).toHaveLength(2 + 1 + 3);
  });

  it('that is silent for too long is closed, and continues over another connection', async () => {
    const silent = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`${PREAMBLE}id: 0-0\n\n${frame(1)}`)),
    });
    relay.next.push(
      new Response(silent, { headers: { 'content-type': 'text/event-stream', 'chatkit-run-id': RUN_ID } }),
    );
    const response = await aFetch({ silenceMs: 20 })(...post(CREATE));
    expect(await response.text()).toBe(relay.whole);
    expect(relay.paths()).toEqual(['POST /chatkit', EVENTS]);
  });
});

describe('an abort', () => {
  it('in the middle of an answer cancels the run by a request, and fails the stream', async () => {
    const abort = new AbortController();
    const response = await aFetch()(...post(CREATE, { signal: abort.signal }));
    const reader = await readSome(response, 2);
    abort.abort();
    await expect(reader.read()).rejects.toThrow(aborted);
    await vi.waitFor(() => expect(relay.paths()).toEqual(['POST /chatkit', CANCEL]));
    expect(relay.received[1]?.keepalive).toBe(true);
    await vi.waitFor(() => expect(stored.size).toBe(0));
  });

  it('by a reader that cancels means the same', async () => {
    const response = await aFetch()(...post(CREATE));
    await (await readSome(response, 2)).cancel();
    await vi.waitFor(() => expect(relay.paths()).toEqual(['POST /chatkit', CANCEL]));
  });

  it('before the response stops the run as soon as its id is known', async () => {
    const answering = new AbortController();
    const waiting = new Promise((resolve) => answering.signal.addEventListener('abort', resolve));
    const slow: typeof fetch = async (input, init) => {
      const response = await relay.fetch(input, init);
      await waiting;
      return response;
    };
    const abort = new AbortController();
    const chatFetch = aFetch({ fetch: slow });
    const response = chatFetch(...post(CREATE, { signal: abort.signal }));
    await vi.waitFor(() => expect(relay.received).toHaveLength(1));
    abort.abort();
    await expect(response).rejects.toThrow(aborted);
    answering.abort();
    await vi.waitFor(() => expect(relay.paths()).toEqual(['POST /chatkit', CANCEL]));
  });

  it('by a page that is being left only detaches, and the run is remembered', async () => {
    const abort = new AbortController();
    const response = await aFetch({ isLeaving: () => true })(...post(CREATE, { signal: abort.signal }));
    const reader = await readSome(response, 2);
    abort.abort();
    await expect(reader.read()).rejects.toThrow(aborted);
    await aMoment();
    expect(relay.paths()).toEqual(['POST /chatkit']);
    expect(stored.get(MEMORY_KEY)).toBe(RUN_ID);
  });

  it('is confirmed by the server before the next message is sent', async () => {
    let isConfirmed = false;
    const slow: typeof fetch = async (input, init) => {
      const response = await relay.fetch(input, init);
      if (!String(input).endsWith('/cancel')) return response;
      await new Promise((resolve) => setTimeout(resolve, 30));
      isConfirmed = true;
      return response;
    };
    const abort = new AbortController();
    const chatFetch = aFetch({ fetch: slow });
    const response = await chatFetch(...post(CREATE, { signal: abort.signal }));
    await readSome(response, 1);
    abort.abort();
    await (await chatFetch(...post(ADD))).text();
    expect(isConfirmed).toBe(true);
    expect(relay.paths()).toEqual(['POST /chatkit', CANCEL, 'POST /chatkit']);
  });

  it('after the end stops nothing', async () => {
    const abort = new AbortController();
    const response = await aFetch()(...post(CREATE, { signal: abort.signal }));
    await response.text();
    abort.abort();
    await aMoment();
    expect(relay.paths()).toEqual(['POST /chatkit']);
    expect(stored.size).toBe(0);
  });
});

describe('after a reload', () => {
  it('the remembered run is followed, and forgotten at its end', async () => {
    stored.set(MEMORY_KEY, RUN_ID);
    const followed = await aFetch({ headers: { authorization: 'me' } }).follow(THREAD_ID);
    expect(stored.get(MEMORY_KEY)).toBe(RUN_ID);
    expect(await new Response(followed?.body).text()).toBe(entries.join(''));
    expect(relay.paths()).toEqual([EVENTS]);
    expect(relay.received[0]?.headers.get('authorization')).toBe('me');
    expect(stored.size).toBe(0);
  });

  it('the server is asked when nothing is remembered, or what is remembered is gone', async () => {
    relay.state = 'working';
    const asked = await aFetch({ url: '/chatkit?assistant=x' }).follow(THREAD_ID);
    await asked?.cancel();
    expect(relay.paths()).toEqual([LIST, EVENTS, CANCEL]);

    stored.set(MEMORY_KEY, 'run_gone');
    relay.state = 'completed';
    relay.next.push(Response.json({}, { status: 404 }));
    expect(await aFetch().follow(THREAD_ID)).toBeUndefined();
    expect(stored.size).toBe(0);
  });

  it('a follower that leaves stops nothing', async () => {
    stored.set(MEMORY_KEY, RUN_ID);
    const followed = await aFetch().follow(THREAD_ID);
    const reader = await readSome(followed ?? { body: null }, 1);
    await reader.cancel();
    await aMoment();
    expect(relay.paths()).toEqual([EVENTS]);
  });

  it('a follower that leaves while it waits for the first frame does not reconnect', async () => {
    stored.set(MEMORY_KEY, RUN_ID);
    const followed = await aFetch().follow(THREAD_ID);
    await followed?.body.cancel();
    await aMoment();
    expect(relay.paths()).toEqual([EVENTS]);
  });

  it('a run that this page is reading already is not followed', async () => {
    const chatFetch = aFetch();
    const response = await chatFetch(...post(ADD));
    relay.state = 'working';
    expect(await chatFetch.follow(THREAD_ID)).toBeUndefined();
    await response.text();
  });

  it('a page is asked to update at most once per interval, and once more at the end', async () => {
    relay = new FakeRelay(Array.from({ length: 60 }, (_, n) => frame(n)));
    relay.sizes = [20];
    stored.set(MEMORY_KEY, RUN_ID);
    const slow: typeof fetch = async (input, init) => {
      const { body, headers } = await relay.fetch(input, init);
      const paced = body?.pipeThrough(
        new TransformStream({
          async transform(chunk, controller) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            controller.enqueue(chunk);
          },
        }),
      );
      return new Response(paced, { headers });
    };
    const calls: number[] = [];
    await aFetch({ fetch: slow }).attach(THREAD_ID, () => void calls.push(Date.now()), { everyMs: 40 });
    expect(calls.length).toBeGreaterThan(2);
    const gaps = calls.slice(1).map((at, index) => at - (calls[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(39);
    expect(stored.size).toBe(0);
  });

  it('an answer can be stopped by its thread, whoever requested it', async () => {
    relay.state = 'working';
    expect(await aFetch().cancel(THREAD_ID)).toBe(true);
    relay.state = 'completed';
    expect(await aFetch().cancel(THREAD_ID)).toBe(false);
    expect(relay.paths()).toEqual([LIST, CANCEL, LIST]);
  });
});
