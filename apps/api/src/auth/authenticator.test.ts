import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { ApiConfig } from '../config.js';
import { Authenticator, byTrustedHeader } from './authenticator.js';

const asked = (peer: string, user?: string) => ({ peer, headers: user === undefined ? {} : { 'x-user': user } });
const requestFrom = (remoteAddress: string, user?: string) =>
  ({ id: 'req_1', socket: { remoteAddress }, headers: asked('', user).headers }) as unknown as FastifyRequest;

it('without authentication all requests are from the same user', () => {
  const authenticator = new Authenticator({ auth: { modes: ['none'] } } as unknown as ApiConfig);
  expect(authenticator.authenticate(requestFrom('203.0.113.9'))).toEqual(
    authenticator.authenticate(requestFrom('127.0.0.1', 'ada')),
  );
});

describe('behind a trusted proxy', () => {
  const identify = byTrustedHeader({
    trustedHeader: { userHeader: 'x-user', tenantHeader: undefined, rolesHeader: undefined },
    trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1', '10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1'])(
    'trusts %s',
    (peer) => expect(identify(asked(peer, 'ada')).userId).toBe('ada'),
  );

  it.each(['11.0.0.1', '203.0.113.9', '2001:db8::2', '::ffff:203.0.113.9', '', 'unix'])('does not trust "%s"', (peer) =>
    expect(() => identify(asked(peer, 'ada'))).toThrow(/proxy/),
  );

  it.each([undefined, '', '   ', 'x'.repeat(257)])('refuses a request without a valid user (%s)', (user) =>
    expect(() => identify(asked('127.0.0.1', user))).toThrow(/x-user/),
  );

  it('refuses a header that is sent twice', () => {
    expect(() => identify({ peer: '127.0.0.1', headers: { 'x-user': ['ada', 'root'] } })).toThrow(/x-user/);
  });
});
