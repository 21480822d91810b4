import { describe, expect, it, vi } from 'vitest';
import { ConversionCache } from './conversion-cache.js';

it('converts the same data once for each use, also for two at once', async () => {
  const cache = new ConversionCache<string>(({ length }) => length);
  const convert = vi.fn<() => Promise<string>>(async () => 'done');
  expect(await Promise.all([cache.get('a', 'x', convert), cache.get('a', 'x', convert)])).toEqual(['done', 'done']);
  expect(convert).toHaveBeenCalledTimes(1);
  await cache.get('b', 'x', convert);
  await cache.get('a', 'y', convert);
  expect(convert).toHaveBeenCalledTimes(3);
});

it('drops what was used the longest ago, where all are too many', async () => {
  const cache = new ConversionCache<string>(({ length }) => length, 1_000);
  const converted: string[] = [];
  const get = (data: string) => cache.get('a', data, async () => (converted.push(data), 'x'.repeat(250)));
  for (const data of ['1', '2', '1', '3', '1', '2']) await get(data);
  expect(converted).toEqual(['1', '2', '3', '2']);
});

const fails = async (): Promise<string> => {
  throw new Error('no');
};

it('tries again what failed', async () => {
  const cache = new ConversionCache<string>(({ length }) => length);
  await expect(cache.get('a', 'x', fails)).rejects.toThrow('no');
  expect(await cache.get('a', 'x', async () => 'yes')).toBe('yes');
});

function pending() {
  let [resolve, reject]: [(result: string) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<string>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

describe('a conversion that is dropped before it ends, and made again', () => {
  const RESULT = 'x'.repeat(250);

  /** Two results fit. Of `slow` two conversions are under way, and of the others `c` is kept. */
  async function dropped() {
    const cache = new ConversionCache<string>(({ length }) => length, 1_000);
    const converted: string[] = [];
    const get = (data: string) => cache.get('a', data, async () => (converted.push(data), RESULT));
    const slow = [pending(), pending()] as const;
    const first = cache.get('a', 'slow', () => slow[0].promise);
    for (const data of ['a', 'b', 'c']) await get(data);
    const second = cache.get('a', 'slow', () => slow[1].promise);
    return { get, converted, slow, answers: Promise.allSettled([first, second]) };
  }

  it('counts once', async () => {
    const { get, converted, slow, answers } = await dropped();
    slow[1].resolve(RESULT);
    await slow[1].promise;
    slow[0].resolve(RESULT);
    await answers;
    await get('c');
    expect(converted).toEqual(['a', 'b', 'c']);
  });

  it('is shared although the first one fails', async () => {
    const { get, converted, slow, answers } = await dropped();
    slow[0].reject(new Error('no'));
    await slow[0].promise.catch(() => undefined);
    slow[1].resolve(RESULT);
    expect(await get('slow')).toBe(RESULT);
    expect(converted).not.toContain('slow');
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});
