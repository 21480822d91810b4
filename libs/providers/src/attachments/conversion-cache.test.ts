import { expect, it, vi } from 'vitest';
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
