import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError, type ProviderHealth, type ProviderModels } from '#providers';
import type { Logger } from '#runtime';
import { ProviderWatch } from './provider-watch.js';

const refused = new ProviderError('bad_key', { ref: { provider: 'a' }, detail: 'HTTP 401 wrong key' });
const well: ProviderHealth = { id: 'a', health: { ok: true, latencyMs: 7 } };
const ill: ProviderHealth = { id: 'a', health: { ok: false, latencyMs: 9, error: refused } };
const MINUTE = 60_000;

const fails = () => Promise.reject(new Error('odd'));

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
  const onNews = vi.fn<() => void>();
  const watch = new ProviderWatch({ registry, logger, now: () => new Date(0) });
  watch.start(onNews);
  return { watch, logger, onNews, signals };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what a provider has told', () => {
  it('is nothing before it has answered, and known at once when it has', async () => {
    const { watch, onNews } = watching([well], [{ id: 'a', models: [{ id: 'one' }] }]);
    expect(watch.newsOf('a')).toEqual({});
    await vi.advanceTimersByTimeAsync(0);
    expect(onNews).toHaveBeenCalledTimes(1);
    expect(watch.newsOf('a')).toEqual({
      listed: ['one'],
      health: { ok: true, latencyMs: 7, checkedAt: '1970-01-01T00:00:00.000Z' },
    });
    watch.stop();
  });

  it('is asked for every minute; a list that fails leaves the last one', async () => {
    const { watch } = watching(
      [well, ill],
      [
        { id: 'a', models: [{ id: 'one' }] },
        { id: 'a', error: refused },
      ],
    );
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(watch.newsOf('a')).toMatchObject({
      listed: ['one'],
      health: { ok: false, latencyMs: 9, code: 'bad_key', detail: 'HTTP 401 wrong key' },
    });
    watch.stop();
  });

  it('stays as it was when nobody can be asked', async () => {
    const logger = { info: vi.fn<Logger['info']>(), warn: vi.fn<Logger['warn']>() };
    const watch = new ProviderWatch({ registry: { health: fails, listModels: fails }, logger });
    watch.start(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    watch.stop();
  });
});

it('logs that a provider is ill once, with what to do, and that it is well again', async () => {
  const { watch, logger } = watching([well, ill, ill, well, well]);
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
  expect(logger.info.mock.calls).toEqual([[{ provider: 'a' }, 'a provider is well again']]);
  watch.stop();
});

it('ends what is being asked when it is stopped, without a word', async () => {
  const { watch, logger, onNews, signals } = watching([]);
  watch.stop();
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  expect(onNews).not.toHaveBeenCalled();
  expect(logger.warn).not.toHaveBeenCalled();
});
