import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type PolicyEvent, ProviderError } from '#providers';
import { processClock } from '../testing/process-clock.js';
import { OpenBreakers } from './open-breakers.js';

const ref = { provider: 'p', model: 'm' };
const error = new ProviderError('unavailable', { ref, detail: 'HTTP 503' });
const opened = (model: string, openForMs = 1_000): PolicyEvent => ({
  type: 'breaker_opened',
  ref: { ...ref, model },
  openForMs,
  error,
});

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

it('lists what is open until its time is over', () => {
  const breakers = new OpenBreakers(processClock);
  breakers.take(opened('a'));
  breakers.take(opened('b', 2_000));
  const b = { provider: 'p', model: 'b', openUntil: '1970-01-01T00:00:02.000Z' };
  expect(breakers.list()).toEqual([{ provider: 'p', model: 'a', openUntil: '1970-01-01T00:00:01.000Z' }, b]);
  vi.advanceTimersByTime(1_000);
  expect(breakers.list()).toEqual([b]);
  breakers.take({ type: 'breaker_closed', ref: { ...ref, model: 'b' } });
  expect(breakers.list()).toEqual([]);
});

it('reports what opens and closes, and nothing else, until it is stopped', () => {
  const breakers = new OpenBreakers(processClock);
  const onChange = vi.fn<() => void>();
  breakers.start(onChange);
  breakers.take(opened('a'));
  breakers.take({ type: 'retry', error, waitMs: 1 });
  breakers.take({ type: 'breaker_closed', ref: { ...ref, model: 'a' } });
  expect(onChange).toHaveBeenCalledTimes(2);
  breakers.stop();
  breakers.take(opened('a'));
  expect(onChange).toHaveBeenCalledTimes(2);
});

it('lists no more than 100, however many names callers invent', () => {
  const breakers = new OpenBreakers(processClock);
  for (let number = 1; number <= 150; number++) breakers.take(opened(`m${number}`));
  expect(breakers.list().map(({ model }) => model)).toEqual(
    Array.from({ length: 100 }, (_, index) => `m${index + 51}`),
  );
});
