import { expect, it } from 'vitest';
import { areWell, providerStates } from './provider-states.js';

const entry = { name: 'P', defaultModel: 'm', models: [], capabilities: [] };
const health = { ok: true, latencyMs: 3, checkedAt: '2026-01-01T00:00:00.000Z' };
const openUntil = '2026-01-01T00:01:00.000Z';
const breaker = { provider: 'spared', model: 'large', openUntil };

const states = (openBreakers: readonly (typeof breaker)[]) =>
  providerStates(
    {
      providers: [
        { ...entry, id: 'well', health },
        { ...entry, id: 'spared', health },
      ],
      openBreakers: [...openBreakers],
    },
    false,
  );

it('names the models of a provider that are spared, which is not well then, however it is by itself', () => {
  const told = states([breaker]);
  expect(told).toEqual([
    { id: 'well', ...health },
    { id: 'spared', ...health, openBreakers: [{ model: 'large', openUntil }] },
  ]);
  expect(areWell(told)).toBe(false);
});

it('is well where every provider is, or was not asked yet', () => {
  expect(areWell(states([]))).toBe(true);
  const asked = (ok: boolean) =>
    providerStates({ providers: [{ ...entry, id: 'a', health: { ...health, ok } }], openBreakers: [] }, false);
  expect(areWell(asked(false))).toBe(false);
  expect(areWell(providerStates({ providers: [{ ...entry, id: 'new' }], openBreakers: [] }, false))).toBe(true);
});
