import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sessionHeaders } from './session-headers.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** Sessions that last so many seconds, by a server's clock that may be behind. */
function sessions(seconds: number, behind = 0) {
  const server = { asked: 0, isDown: false };
  const headers = sessionHeaders(async () => {
    server.asked += 1;
    if (server.isDown) throw new TypeError('fetch failed');
    return { client_secret: `s${server.asked}`, expires_at: Date.now() / 1_000 - behind + seconds };
  });
  return { server, headers };
}

it('a session is fetched once for all requests, and again before it ends', async () => {
  const { server, headers } = sessions(600);
  const both = await Promise.all([headers(), headers()]);
  expect(both).toEqual([{ authorization: 'Bearer s1' }, { authorization: 'Bearer s1' }]);
  vi.advanceTimersByTime(569_000);
  expect(await headers()).toEqual({ authorization: 'Bearer s1' });
  vi.advanceTimersByTime(2_000);
  expect(await Promise.all([headers(), headers()])).toEqual([
    { authorization: 'Bearer s2' },
    { authorization: 'Bearer s2' },
  ]);
  expect(server.asked).toBe(2);
});

it('a short session, or a clock that is ahead, does not lead to a request for each request', async () => {
  for (const { server, headers } of [sessions(10), sessions(60, 3_600)]) {
    await headers();
    vi.advanceTimersByTime(4_000);
    await headers();
    expect(server.asked).toBe(1);
    vi.advanceTimersByTime(2_000);
    await headers();
    expect(server.asked).toBe(2);
  }
});

it('a failure is told, and not remembered', async () => {
  const { server, headers } = sessions(600);
  server.isDown = true;
  await expect(headers()).rejects.toThrow('fetch failed');
  server.isDown = false;
  expect(await headers()).toEqual({ authorization: 'Bearer s2' });
});

it.each([
  ['the answer of a route that refuses', { error: 'Sign in first.' }],
  ['nothing', undefined],
  ['an empty token', { client_secret: '', expires_at: 2_000 }],
  ['an end that is no number', { client_secret: 's', expires_at: 'soon' }],
  ['an end that is not a number of JSON', { client_secret: 's', expires_at: Number.NaN }],
])('%s in place of a session is told once, and not asked for over and over', async (_, answer) => {
  let asked = 0;
  const headers = sessionHeaders(async () => {
    // A loop that does not end would hold the whole test.
    if ((asked += 1) > 3) throw new Error('asked again and again');
    return answer as never;
  });
  await expect(headers()).rejects.toThrow('{ client_secret, expires_at }');
  expect(asked).toBe(1);
});
