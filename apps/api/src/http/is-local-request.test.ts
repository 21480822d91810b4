import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { isLocalRequest } from './is-local-request.js';

const OWN = { isSingleUser: true, openAt: undefined, publicUrl: undefined, auth: { trustedProxies: [] } };
const LOCAL = { remoteAddress: '127.0.0.1', headers: { host: 'localhost:8000' } };

/** Whether a server with these settings takes a request for a local one. */
async function judged(settings: Partial<Parameters<typeof isLocalRequest>[0]>, request: object): Promise<boolean> {
  const fastify = Fastify();
  const isLocal = isLocalRequest({ ...OWN, ...settings });
  fastify.get('/metrics', async (asked) => isLocal(asked));
  const { body } = await fastify.inject({ url: '/metrics', ...LOCAL, ...request });
  return JSON.parse(body) as boolean;
}

it.each([
  ['from 127.0.0.1', {}],
  ['from ::1', { remoteAddress: '::1', headers: { host: '[::1]:8000' } }],
  ['from an IPv4 address in an IPv6 socket', { remoteAddress: '::ffff:127.0.0.1' }],
])('a request %s to a server without authentication is local', async (_, request) =>
  expect(await judged({}, request)).toBe(true),
);

it.each([
  ['from another address', {}, { remoteAddress: '203.0.113.9' }],
  ['from another address of the same network', {}, { remoteAddress: '192.168.1.7' }],
  ['that a proxy passes on', {}, { headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1' } }],
  ['that a proxy passes on under its own name', {}, { headers: { host: 'localhost', via: '1.1 proxy' } }],
  ['for another host', {}, { headers: { host: 'chat.example.com' } }],
  ['where users are known', { isSingleUser: false }, {}],
  ['where everybody may come in', { openAt: '0.0.0.0' }, {}],
  ['where there are proxies', { auth: { trustedProxies: ['10.0.0.1'] } }, {}],
  ['where there is a public address', { publicUrl: 'https://chat.example.com' }, {}],
])('a request %s is not local', async (_, settings, request) => expect(await judged(settings, request)).toBe(false));

it('a public address on the own machine is no public one', async () =>
  expect(await judged({ publicUrl: 'http://localhost:8000' }, {})).toBe(true));
