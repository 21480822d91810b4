import { expect, it } from 'vitest';
import { areHealthy, providerStates } from './provider-states.js';

const entry = { name: 'P', defaultModel: 'm', models: [], capabilities: [] };
const health = { ok: true, latencyMs: 3, checkedAt: '2026-01-01T00:00:00.000Z' };
const openUntil = '2026-01-01T00:01:00.000Z';
const breaker = { provider: 'failing', model: 'large', openUntil };

const states = (openBreakers: readonly (typeof breaker)[]) =>
  providerStates(
    {
      providers: [
        { ...entry, id: 'healthy', health },
        { ...entry, id: 'failing', health },
      ],
      openBreakers: [...openBreakers],
    },
    false,
  );

it('lists the models whose circuit breaker is open; their provider is not healthy then', () => {
  const shown = states([breaker]);
  expect(shown).toEqual([
    { id: 'healthy', ...health },
    { id: 'failing', ...health, openBreakers: [{ model: 'large', openUntil }] },
  ]);
  expect(areHealthy(shown)).toBe(false);
});

it('is healthy if every provider is, or was not checked yet', () => {
  expect(areHealthy(states([]))).toBe(true);
  const asked = (ok: boolean) =>
    providerStates({ providers: [{ ...entry, id: 'a', health: { ...health, ok } }], openBreakers: [] }, false);
  expect(areHealthy(asked(false))).toBe(false);
  expect(areHealthy(providerStates({ providers: [{ ...entry, id: 'new' }], openBreakers: [] }, false))).toBe(true);
});

it('lists what models have refused, which is no fault of their provider', () => {
  const refusal = { provider: 'a', model: 'm', feature: 'temperature', until: openUntil };
  const known = { providers: [{ ...entry, id: 'a', health }], openBreakers: [], refusedFeatures: [refusal] };
  const shown = providerStates(known, false);
  const { provider: _, ...rest } = refusal;
  expect(shown).toEqual([{ id: 'a', ...health, refusedFeatures: [rest] }]);
  expect(areHealthy(shown)).toBe(true);
});

it('tells models that the next request tries, which are no fault, and those that an operator has shut, which are one', () => {
  const stored = { failures: 5, openForMs: 0, opens: 1, isHeld: false };
  const known = {
    providers: [{ ...entry, id: 'a', health }],
    openBreakers: ['m/open', 'failed-too'].map((model) => ({ provider: 'a', model, openUntil })),
  };
  const shown = providerStates(
    {
      ...known,
      breakers: [
        { ...stored, key: 'a/m/half' },
        // This process has heard of its opening, and not yet of its end.
        { ...stored, key: 'a/m/open' },
        { ...stored, key: 'a/closed', opens: 0 },
        { ...stored, key: 'a/held', isHeld: true, opens: 0 },
        { ...stored, key: 'a/failed-too', isHeld: true },
        { ...stored, key: 'b/other' },
        { ...stored, key: 'tenant/acme/a/theirs' },
      ],
    },
    false,
  );
  expect(shown).toEqual([
    {
      id: 'a',
      ...health,
      openBreakers: [{ model: 'm/open', openUntil }],
      halfOpenBreakers: [{ model: 'm/half' }],
      heldBreakers: [{ model: 'held' }, { model: 'failed-too' }],
    },
  ]);
  const halfOpen = shown.map((state) => ({ ...state, openBreakers: undefined, heldBreakers: undefined }));
  expect(halfOpen).toHaveLength(1);
  expect(areHealthy(halfOpen)).toBe(true);
  expect(areHealthy(halfOpen.map((state) => ({ ...state, heldBreakers: [{ model: 'held' }] })))).toBe(false);
});
