import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PolicyEvent } from '#providers';
import { processClock } from '../testing/process-clock.js';
import { RefusedFeatures } from './refused-features.js';

const refused = (model: string, forMs: number): PolicyEvent => ({
  type: 'features_refused',
  ref: { provider: 'p', model },
  features: ['tools', 'seed'],
  forMs,
});

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

it('lists what models refuse, each for its time, and reports each refusal until it is stopped', () => {
  const list = new RefusedFeatures(processClock);
  const onChange = vi.fn<() => void>();
  list.start(onChange);
  list.take(refused('a', 1_000));
  list.take({ type: 'breaker_closed', ref: { provider: 'p', model: 'a' } });
  expect(onChange).toHaveBeenCalledTimes(1);
  const until = '1970-01-01T00:00:01.000Z';
  expect(list.list()).toEqual(['tools', 'seed'].map((feature) => ({ provider: 'p', model: 'a', feature, until })));
  vi.advanceTimersByTime(1_000);
  expect(list.list()).toEqual([]);
  list.stop();
  list.take(refused('b', 1_000));
  expect(onChange).toHaveBeenCalledTimes(1);
});

it('holds no more than the newest 200, and what is learned once more is new', () => {
  const list = new RefusedFeatures(processClock);
  for (let n = 0; n < 100; n++) list.take(refused(`m${n}`, 60_000));
  list.take(refused('m0', 60_000));
  list.take(refused('other', 60_000));
  const models = list.list().map(({ model }) => model);
  expect(models).toHaveLength(200);
  expect(models).toContain('m0');
  expect(models).not.toContain('m1');
});
