import { expect, it } from 'vitest';
import { Reach } from './reach.js';

const URL = 'http://relay.test/config';
const answering = (status: number) => async () => new Response(null, { status });
const broken = () => Promise.reject(new TypeError('Failed to fetch'));

it('knows from each request whether the server is there', async () => {
  const reach = new Reach();
  const seen: boolean[] = [];
  reach.store.subscribe(() => seen.push(reach.store.latest.isAway));
  await expect(reach.noting(broken)(URL)).rejects.toThrow('Failed to fetch');
  await expect(reach.noting(broken)(URL)).rejects.toThrow('Failed to fetch');
  expect((await reach.noting(answering(404))(URL)).status).toBe(404);
  await reach.noting(answering(502))(URL);
  await reach.noting(answering(200))(URL);
  expect(seen).toEqual([true, false, true, false]);
});

it('learns nothing from a request that was given up', async () => {
  const reach = new Reach();
  const signal = AbortSignal.abort();
  await expect(reach.noting(broken)(URL, { signal })).rejects.toThrow('Failed to fetch');
  await expect(reach.noting(broken)(new Request(URL, { signal }))).rejects.toThrow('Failed to fetch');
  expect(reach.store.latest.isAway).toBe(false);
});
