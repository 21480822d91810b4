import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { limitAddresses } from './limit-addresses.js';
import type { RequestRates } from './request-rates.js';

it.each([
  ['/health', 0],
  ['/he%61lth', 0],
  ['/health?deep=1', 0],
  ['/health/none', 1],
  ['/metrics/none', 1],
  ['/none', 1],
])('a request for %s counts %i times', async (path, count) => {
  const counted: string[] = [];
  const rates = { ofAddress: async (peer: string) => void counted.push(peer) } as unknown as RequestRates;
  const fastify = Fastify();
  limitAddresses(fastify, rates, () => undefined);
  fastify.get('/health', () => 'ok');
  await fastify.inject(path);
  expect(counted).toHaveLength(count);
});
