import { expect, it } from 'vitest';
import { SigningKeys } from '#runtime';
import { useWorld } from './support/world.js';

const world = useWorld();

it('processes that start at the same time sign with the same key, as does one that starts later', async () => {
  const together = await Promise.all(Array.from({ length: 8 }, () => SigningKeys.load(world.openDatabase().pool, [])));
  const later = await SigningKeys.load(world.db.pool, []);
  const keys = [...together, later].map((loaded) => loaded.signing('session').toString('hex'));
  expect(new Set(keys).size).toBe(1);
});

it('with a secret of the environment nothing is stored', async () => {
  await world.db.pool.query('DELETE FROM signing_keys');
  const loaded = await SigningKeys.load(world.db.pool, ['s'.repeat(32)]);
  expect(loaded.signing('file')).toHaveLength(32);
  expect((await world.db.pool.query('SELECT 1 FROM signing_keys')).rowCount).toBe(0);
});
