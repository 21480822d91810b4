import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError, type ProviderHealth, type ProviderModels } from '#providers';
import type { Logger } from '#runtime';
import type { ModelRegistry } from './model-registry.js';
import { processClock } from '../testing/process-clock.js';
import { ProviderWatch } from './provider-watch.js';
import type { UnlistedModels } from './unlisted-models.js';

const refused = new ProviderError('bad_key', { ref: { provider: 'a' }, detail: 'HTTP 401 wrong key' });
const healthy: ProviderHealth = { id: 'a', health: { ok: true, latencyMs: 7 } };
const unhealthy: ProviderHealth = { id: 'a', health: { ok: false, latencyMs: 9, error: refused } };
const MINUTE = 60_000;

const fails = () => Promise.reject(new Error('odd'));

const check = vi.fn<UnlistedModels['check']>();
const watchOf = (registry: Pick<ModelRegistry, 'health' | 'listModels'>, logger: Pick<Logger, 'info' | 'warn'>) =>
  new ProviderWatch(registry as ModelRegistry, logger as Logger, processClock, { check } as unknown as UnlistedModels);

/** A watch over one provider that gives these answers, one a minute. */
function watching(healths: readonly ProviderHealth[], lists: readonly ProviderModels[] = []) {
  const signals: AbortSignal[] = [];
  let asked = 0;
  const registry = {
    health: async (signal: AbortSignal) => {
      signals.push(signal);
      const health = healths[asked++];
      if (!health)
        return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return [health];
    },
    listModels: async () => lists.slice(asked, asked + 1),
  };
  const logger = { info: vi.fn<Logger['info']>(), warn: vi.fn<Logger['warn']>() };
  const onChange = vi.fn<() => void>();
  const watch = watchOf(registry, logger);
  watch.start(onChange);
  return { watch, logger, onChange, signals };
}

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

describe('what is known of a provider', () => {
  it('is nothing before it has answered, and is there at once when it has', async () => {
    const { watch, onChange } = watching([healthy], [{ id: 'a', models: [{ id: 'one' }] }]);
    expect(watch.statusOf('a')).toEqual({});
    await vi.advanceTimersByTimeAsync(0);
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(check.mock.calls).toEqual([[{ id: 'a', models: [{ id: 'one' }] }]]);
    expect(watch.statusOf('a')).toEqual({
      listed: [{ id: 'one' }],
      health: { ok: true, latencyMs: 7, checkedAt: '1970-01-01T00:00:00.000Z' },
    });
    watch.stop();
  });

  it('is asked for every minute; a list that fails leaves the last one', async () => {
    const { watch } = watching(
      [healthy, unhealthy],
      [
        { id: 'a', models: [{ id: 'one' }] },
        { id: 'a', error: refused },
      ],
    );
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(watch.statusOf('a')).toMatchObject({
      listed: [{ id: 'one' }],
      health: { ok: false, latencyMs: 9, code: 'bad_key', detail: 'HTTP 401 wrong key' },
    });
    watch.stop();
  });

  it('stays as it was when no provider can be asked', async () => {
    const logger = { info: vi.fn<Logger['info']>(), warn: vi.fn<Logger['warn']>() };
    const watch = watchOf({ health: fails, listModels: fails }, logger);
    watch.start(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    watch.stop();
  });
});

it('logs that a provider is unhealthy once, with what to do, and that it is healthy again', async () => {
  const { watch, logger } = watching([healthy, unhealthy, unhealthy, healthy, healthy]);
  await vi.advanceTimersByTimeAsync(4 * MINUTE);
  expect(logger.warn.mock.calls).toEqual([
    [
      {
        provider: 'a',
        code: 'bad_key',
        detail: 'HTTP 401 wrong key',
        hint: expect.stringContaining('API key') as string,
      },
      'a provider is unhealthy',
    ],
  ]);
  expect(logger.info.mock.calls).toEqual([[{ provider: 'a' }, 'a provider is healthy again']]);
  watch.stop();
});

it('ends what is being asked when it is stopped, without logging it', async () => {
  const { watch, logger, onChange, signals } = watching([]);
  watch.stop();
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  expect(onChange).not.toHaveBeenCalled();
  expect(logger.warn).not.toHaveBeenCalled();
});
