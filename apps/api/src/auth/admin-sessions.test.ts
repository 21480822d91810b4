import { expect, it } from 'vitest';
import { SigningKeys } from '#runtime';
import { AdminSessions } from './admin-sessions.js';
import type { Identity } from './identity.js';

const HOUR = 3_600;
let now = Date.parse('2030-01-01T00:00:00Z');
const sessions = new AdminSessions({
  keys: new SigningKeys(['s'.repeat(32)]),
  apiKeys: { byId: async () => undefined },
  clock: { now: () => new Date(now) },
  adminToken: undefined,
});
const ADA: Identity = { tenantId: 'acme', userId: 'ada', roles: ['admin'], by: 'jwt' };

const maxAge = (cookie: string): number => Number(/Max-Age=(\d+)/.exec(cookie)?.[1]);
const identify = (cookie: string) => sessions.identify({ headers: { cookie: cookie.split(';')[0] } });

it('a session that is made with a session ends when that one does', async () => {
  const first = await sessions.begin(ADA, false);
  expect(maxAge(first)).toBe(HOUR);
  now += (HOUR - 60) * 1_000;
  const known = await identify(first);
  expect(known).toMatchObject({ userId: 'ada', by: 'jwt' });
  const second = await sessions.begin(known ?? ADA, false);
  expect(maxAge(second)).toBe(60);
  now += 61_000;
  await expect(identify(second)).rejects.toMatchObject({ code: 'auth.invalid' });
});
