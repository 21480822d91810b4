import { expect, it } from 'vitest';
import { MemoryPolicyState } from '#providers';
import { scopedPolicyState } from './scoped-policy-state.js';

const state = new MemoryPolicyState();
const acme = scopedPolicyState(state, (id) => id === 'own', 'tenant/acme/');
const ruleOf = { failures: 1, openMs: 60_000, maxOpenMs: 60_000 };
const failure = { code: 'unavailable', detail: '', isProbe: false };

it('counts calls of a tenant’s own account apart from those of the configuration’s', async () => {
  expect(await acme.acquire({ key: 'provider/own/calls', holder: 'a' }, 1, 60_000)).toBe(true);
  expect(await state.acquire({ key: 'provider/own/calls', holder: 'b' }, 1, 60_000)).toBe(true);
  expect(await acme.acquire({ key: 'provider/own/calls', holder: 'c' }, 1, 60_000)).toBe(false);
});

it('counts all other calls with those of everybody', async () => {
  for (const key of ['provider/shared/calls', 'model/own/calls']) {
    expect(await acme.acquire({ key, holder: 'a' }, 1, 60_000)).toBe(true);
    expect(await state.acquire({ key, holder: 'b' }, 1, 60_000)).toBe(false);
  }
});

const isOpen = async (key: string): Promise<boolean> => (await state.breaker(key)).openForMs > 0;

it('opens the breaker of a tenant’s own account only', async () => {
  await acme.countFailure('own/m', ruleOf, failure);
  await acme.countFailure('shared/m', ruleOf, failure);
  expect([await isOpen('own/m'), await isOpen('shared/m')]).toEqual([false, true]);
});
