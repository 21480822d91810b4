import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ChatKitFetchOptions, createChatKitFetch } from './create-chatkit-fetch.js';
import { ADD, post, storageOf } from './testing/a-fetch.js';
import { FakeRelay } from './testing/fake-relay.js';

type Fetch = typeof fetch;

const network = globalThis.fetch;
let relay: FakeRelay;

beforeEach(() => {
  relay = new FakeRelay(['data: {"n":1}\n\n', 'data: {"n":2}\n\n']);
  globalThis.fetch = relay.fetch;
});
afterEach(() => {
  globalThis.fetch = network;
});

const aFetch = (options: ChatKitFetchOptions = {}) => createChatKitFetch({ storage: storageOf(new Map()), ...options });

/** What may stand in the place of the global `fetch`, of a shim that was created before. */
const replacements: readonly [string, (shim: Fetch) => Fetch][] = [
  ['the shim itself', (shim) => shim],
  ['a function that calls it', (shim) => (input, init) => shim(input, init)],
  [
    'a function that waits, copies the request, and calls it',
    (shim) => async (input, init) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return shim(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-page': '1' } });
    },
  ],
  ['a second shim', () => aFetch()],
  ['a second shim above the first', (shim) => aFetch({ fetch: shim })],
  [
    'a function that calls a second shim',
    () =>
      (
        (second) => (input, init) =>
          second(input, init)
      )(aFetch()),
  ],
];

it.each(replacements)('the global fetch may be replaced by %s', async (_, replace) => {
  const shim = aFetch();
  globalThis.fetch = replace(shim);
  for (const call of [globalThis.fetch, shim]) {
    expect(await (await call(...post(ADD))).text()).toBe(relay.whole);
    relay.next.push(Response.json({ data: [] }));
    expect(await (await call(...post({ type: 'threads.list', params: {} }))).json()).toEqual({ data: [] });
    relay.next.push(new Response('a file'));
    expect(await (await call('/files/atc_1')).text()).toBe('a file');
  }
  expect(relay.received).toHaveLength(6);
});

it('a fetch that is given and calls the global one leads to the network, once', async () => {
  let calls = 0;
  const shim = aFetch({
    fetch: (input, init) => {
      calls += 1;
      return globalThis.fetch(input, init);
    },
  });
  globalThis.fetch = shim;
  expect(await (await fetch(...post(ADD))).text()).toBe(relay.whole);
  relay.next.push(new Response('a file'));
  await fetch('/files/atc_1');
  expect([calls, relay.received.length]).toEqual([2, 2]);
});

it.each<[string, (shim: () => Fetch) => Fetch]>([
  ['leads to the network', () => (input, init) => relay.fetch(input, init)],
  ['comes back through the global one', (shim) => (input, init) => shim()(input, init)],
])('a fetch that is given and %s gets each of several equal requests at once, once', async (_, below) => {
  let shim: Fetch = relay.fetch;
  const given = vi.fn<Fetch>(below(() => shim));
  shim = aFetch({ fetch: given });
  const files = ['one', 'two', 'three'];
  relay.next.push(...files.map((name) => new Response(name)));
  const answers = await Promise.all(files.map((body) => shim('/files', { method: 'POST', body })));
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(files);
  expect(relay.received.map(({ body }) => body)).toEqual(files);
  expect(given.mock.calls.map(([, init]) => init?.body)).toEqual(files);
});

it('a global fetch that was put in place later is used', async () => {
  const shim = aFetch();
  const seen: string[] = [];
  globalThis.fetch = (input, init) => {
    seen.push(String(input));
    return relay.fetch(input, init);
  };
  await (await shim(...post(ADD))).text();
  await shim('/files/atc_1').catch(() => undefined);
  expect(seen).toEqual(['/chatkit', '/files/atc_1']);
});

it('a shim above another one reads the stream that the other one sees, with its headers', async () => {
  const below = aFetch({ fetch: withHeader('x-below', relay.fetch) });
  const above = aFetch({ fetch: below, headers: { authorization: 'me' } });
  const answers = await Promise.all([above(...post(ADD)), above(...post(ADD))]);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([relay.whole, relay.whole]);
  expect(relay.received.map(({ headers }) => [headers.get('x-below'), headers.get('authorization')])).toEqual([
    ['1', 'me'],
    ['1', 'me'],
  ]);
});

const withHeader =
  (name: string, fetch: Fetch): Fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set(name, '1');
    return fetch(input, { ...init, headers });
  };

it('is created without anything random, as pages that are rendered ahead of time require', () => {
  const { random } = Math;
  Math.random = () => {
    throw new Error('unstable');
  };
  try {
    expect(aFetch).not.toThrow();
  } finally {
    Math.random = random;
  }
});
