import { describe, expect, it, vi } from 'vitest';
import { readRequest } from './chatkit-request.js';
import { aFetchFor, ADD, post } from './testing/a-fetch.js';
import { FakeRelay, PREAMBLE, RUN_ID } from './testing/fake-relay.js';

const URL = 'http://relay.test/chatkit';
const body = JSON.stringify(ADD);

describe('a Request object', () => {
  it('is read with all that it says', async () => {
    const modes = {
      cache: 'no-store',
      credentials: 'include',
      keepalive: true,
      mode: 'same-origin',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    } as const;
    const read = await readRequest(
      URL,
      new Request(URL, { method: 'POST', body, headers: { 'x-mine': '1' }, ...modes }),
    );
    expect(read).toMatchObject({ url: URL, type: ADD.type, threadId: 'thr_1' });
    expect(read?.init).toMatchObject({ method: 'POST', body, ...modes });
    expect(read?.init.headers.get('x-mine')).toBe('1');
    // It can be sent: nothing in it contradicts something else.
    expect(new Request(URL, read?.init).credentials).toBe('include');
  });

  it('gives way to what is said beside it', async () => {
    const request = new Request(URL, { method: 'POST', body: '{}', headers: { 'x-mine': '1' }, credentials: 'omit' });
    const read = await readRequest(URL, request, { body, credentials: 'include', headers: { 'x-other': '2' } });
    expect(read?.init).toMatchObject({ body, credentials: 'include' });
    expect(Object.fromEntries(read?.init.headers ?? [])).toEqual({ 'x-other': '2' });
  });

  it('can still be sent by the caller', async () => {
    const request = new Request(URL, { method: 'POST', body });
    await readRequest(URL, request);
    expect(await request.text()).toBe(body);
  });

  it('of another frame is one, too', async () => {
    const request = new Request(URL, { method: 'POST', body });
    const { url, method, headers } = request;
    const foreign = { url, method, headers, bodyUsed: false, clone: () => request.clone() } as unknown as Request;
    expect(await readRequest(URL, foreign)).toMatchObject({ url: URL, type: ADD.type });
  });

  it.each([
    ['a form', () => ({ body: new FormData() })],
    ['bytes of a file', () => ({ body: new Uint8Array(8), headers: { 'content-type': 'image/png' } })],
  ])('with %s is not read', async (_, init) => {
    const request = new Request(URL, { method: 'POST', ...init() });
    vi.spyOn(request, 'clone').mockImplementation(() => expect.fail('It was read.'));
    expect(await readRequest(URL, request)).toBeUndefined();
  });
});

describe('a body', () => {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  it.each([
    ['a string', body, {}],
    ['bytes', new TextEncoder().encode(body), json],
    ['a buffer', new TextEncoder().encode(body).buffer, json],
    ['a blob', new Blob([body], { type: 'application/json' }), {}],
  ])('may be %s', async (_, given, headers) => {
    expect(await readRequest('/chatkit', '/chatkit', { method: 'post', body: given, headers })).toMatchObject({
      type: ADD.type,
      init: { body },
    });
  });

  it('of a file is passed on', async () => {
    const file = new Blob([body]);
    expect(await readRequest('/chatkit', '/files', { method: 'POST', body: file })).toBeUndefined();
  });
});

/** Its first answer breaks behind the first mark. */
function aBreakingRelay(): FakeRelay {
  const relay = new FakeRelay(['data: {"n":1}\n\n']);
  relay.cuts = [{ after: `${PREAMBLE}id: 0-0\n\n`.length + 1, how: 'breaks' }];
  return relay;
}
const credentialsOf = ({ received }: FakeRelay) => received.map(({ path, credentials }) => [path, credentials]);
const EVENTS = `/chatkit/runs/${RUN_ID}/events`;

describe('credentials', () => {
  it('of a message hold for the requests that continue its answer', async () => {
    const requests: Parameters<typeof fetch>[] = [
      post(ADD, { credentials: 'include' }),
      [new Request(URL, { method: 'POST', body, credentials: 'include' })],
    ];
    for (const request of requests) {
      const fake = aBreakingRelay();
      await (await aFetchFor(fake, new Map())(...request)).text();
      expect(credentialsOf(fake)).toEqual([
        ['/chatkit', 'include'],
        [EVENTS, 'include'],
      ]);
    }
  });

  it('may be set for all requests, unless a request says otherwise', async () => {
    const fake = aBreakingRelay();
    fake.state = 'working';
    const chatFetch = aFetchFor(fake, new Map(), { credentials: 'include' });
    await (await chatFetch(new Request(URL, { method: 'POST', body }))).text();
    const followed = await chatFetch.follow('thr_1');
    await followed?.cancel();
    expect(new Set(credentialsOf(fake).map(([, credentials]) => credentials))).toEqual(new Set(['include']));
    expect(fake.received.length).toBe(5);
    await chatFetch(...post(ADD, { credentials: 'omit' }));
    expect(fake.received.at(-1)?.credentials).toBe('omit');
  });
});

describe('headers of a function', () => {
  it('are asked for anew at each try, so that a token may expire in between', async () => {
    const fake = aBreakingRelay();
    fake.next.push(new TypeError('fetch failed'));
    let token = 0;
    const chatFetch = aFetchFor(fake, new Map(), {
      headers: async () => ({ authorization: `Bearer ${(token += 1)}` }),
    });
    await (await chatFetch(...post(ADD, { headers: { authorization: 'old' } }))).text();
    expect(fake.received.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer 1',
      'Bearer 2',
      'Bearer 3',
    ]);
  });

  it('that cannot be had for now are asked for again', async () => {
    const fake = new FakeRelay(['data: {"n":1}\n\n']);
    let fails = 2;
    const headers = async () => {
      if ((fails -= 1) >= 0) throw new TypeError('fetch failed');
      return { authorization: 'me' };
    };
    await (await aFetchFor(fake, new Map(), { headers })(...post(ADD))).text();
    expect(fake.received).toHaveLength(1);
  });
});
