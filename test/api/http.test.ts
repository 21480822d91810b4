import { describe, expect, it } from 'vitest';
import { createThread, post, postJson, threadIdOf } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { USER_HEADER, useRelay } from '../support/relay.js';

interface Page<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly after?: string;
}

describe.each(oneEngine('redis'))('the HTTP surface on the %s engine', (engine) => {
  const relay = useRelay(engine, { variables: { AUTH_MODE: 'none', CORS_ORIGINS: 'https://app.example.com' } });

  it('says that it is alive and ready', async () => {
    for (const path of ['/health', '/health/live']) expect((await fetch(relay.url + path)).status).toBe(200);
    const ready = await fetch(`${relay.url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ok', checks: { postgres: 'ok', queue: 'ok' } });
  });

  it('gives every answer a request id, and takes a sane one', async () => {
    const own = await fetch(`${relay.url}/health`, { headers: { 'x-request-id': 'req-7' } });
    expect(own.headers.get('x-request-id')).toBe('req-7');
    const strange = await fetch(`${relay.url}/health`, { headers: { 'x-request-id': 'a b"c' } });
    expect(strange.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['http://localhost:5173', null],
    ['https://evil.example.com', null],
    ['https://app.example.com.evil.example.com', null],
  ])('answers a preflight from %s', async (origin, allowed) => {
    const answer = await fetch(`${relay.url}/chatkit`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
  });

  it('allows whatever header an integration adds (TR-7)', async () => {
    const headers = {
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'chatkit-frame-instance-id, x-own-header',
    };
    const answer = await fetch(`${relay.url}/chatkit`, { method: 'OPTIONS', headers });
    expect(answer.headers.get('access-control-allow-headers')).toBe('chatkit-frame-instance-id, x-own-header');
  });

  it.each([
    ['https://evil.example', 403],
    ['https://app.example.com', 200],
  ])('a page of %s that sends without asking is answered with %i', async (origin, status) => {
    const count = async () => (await relay.query('SELECT count(*) FROM runs'))[0];
    const before = await count();
    const headers = { origin, 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' };
    const answer = await post(relay.url, createThread('Hello'), { headers });
    expect(answer.status).toBe(status);
    const refused = status === 403;
    expect(JSON.stringify(await count()) === JSON.stringify(before)).toBe(refused);
  });

  it('keeps the CORS headers on a stream', async () => {
    const answer = await post(relay.url, createThread('Hi (tokens=1)'), {
      headers: { origin: 'https://app.example.com' },
    });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example.com');
    expect(answer.headers['access-control-expose-headers']).toContain('ChatKit-Run-Id');
    expect(answer.headers['chatkit-run-id']).toMatch(/^run_/);
    expect(answer.headers['x-accel-buffering']).toBe('no');
  });

  it('takes JSON whatever the content type says', async () => {
    const list = JSON.stringify({ type: 'threads.list', params: {} });
    for (const type of ['text/plain', 'application/octet-stream', 'application/json; charset=utf-8']) {
      expect((await post(relay.url, list, { headers: { 'content-type': type } })).status).toBe(200);
    }
  });

  it('walks threads and items page by page, each once and in order', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.push(threadIdOf(await post(relay.url, createThread(`Thread ${index} (tokens=1)`))));
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page: Page<{ id: string; items: Page<unknown> }> = await postJson(relay.url, {
        type: 'threads.list',
        params: { limit: 2, order: 'desc', after },
      });
      expect(page.data.every((thread) => thread.items.data.length === 0)).toBe(true);
      seen.push(...page.data.map((thread) => thread.id));
      after = page.after;
      expect(page.has_more).toBe(after !== undefined);
    } while (after);
    expect(seen.slice(0, 5)).toEqual(ids.toReversed());
    expect(new Set(seen).size).toBe(seen.length);

    const thread: { metadata: object; items: Page<{ type: string }> } = await postJson(relay.url, {
      type: 'threads.get_by_id',
      params: { thread_id: ids[0] },
    });
    expect(thread.metadata).toEqual({});
    expect(thread.items.data.map((item) => item.type)).toEqual(['user_message', 'assistant_message']);
  });

  it('shows that ids are unique, to the developer only', async () => {
    const answer = await fetch(`${relay.url}/debug/threads`);
    expect(answer.status).toBe(200);
    const { threads, duplicates } = (await answer.json()) as { threads: { items: unknown[] }[]; duplicates: string[] };
    expect(threads.length).toBeGreaterThan(0);
    expect(duplicates).toEqual([]);
  });
});

describe('with users behind a proxy', () => {
  const relay = useRelay('postgres');

  it('does not show ids', async () => {
    const answer = await fetch(`${relay.url}/debug/threads`, { headers: { [USER_HEADER]: 'ada' } });
    expect(answer.status).toBe(404);
  });

  it('tells two users apart', async () => {
    await post(relay.url, createThread('Mine (tokens=1)'), { user: 'ada' });
    const list = { type: 'threads.list', params: {} };
    expect((await postJson<Page<unknown>>(relay.url, list, { user: 'ada' })).data).toHaveLength(1);
    expect((await postJson<Page<unknown>>(relay.url, list, { user: 'grace' })).data).toHaveLength(0);
  });

  it('does not serve pages of other origins, nor localhost', async () => {
    const headers = { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' };
    const answer = await fetch(`${relay.url}/chatkit`, { method: 'OPTIONS', headers });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
