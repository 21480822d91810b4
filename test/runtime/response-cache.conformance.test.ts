import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import type { ResponseCache } from '#runtime';
import { engineKinds } from '../support/engines.js';
import { until } from '../support/chat.js';
import { useWorld } from './support/world.js';

describe.each(engineKinds)('the response cache on %s', (kind) => {
  const world = useWorld();
  let cache: ResponseCache;
  beforeAll(async () => {
    ({ cache } = await world.openEngine(kind));
  });

  it('returns what was stored under the key, and nothing under another', async () => {
    const key = newId('run');
    await cache.set(key, '[{"type":"text-delta","text":"wörld 🎉"}]', 60);
    expect(await cache.get(key)).toBe('[{"type":"text-delta","text":"wörld 🎉"}]');
    expect(await cache.get(`${key}2`)).toBeUndefined();
  });

  it('returns the newest value', async () => {
    const key = newId('run');
    await cache.set(key, 'old', 60);
    await cache.set(key, 'new', 60);
    expect(await cache.get(key)).toBe('new');
  });

  it('deletes what has expired, and only that', async () => {
    const [short, long] = [newId('run'), newId('run')];
    await cache.set(short, 'x', 1);
    await cache.set(long, 'y', 60);
    await until('it is forgotten', 20_000, async () => (await cache.get(short)) === undefined);
    await cache.removeExpired();
    expect(await cache.get(long)).toBe('y');
    const { rows } = await world.db.pool.query('SELECT key FROM cached_responses WHERE key = $1', [short]);
    expect(rows).toEqual([]);
  });
});
