import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenUses, type DatabaseUse } from '../../tools/checking/database-use.js';
import { openWorld, type TestWorld } from './support/world.js';

/** What each released version uses: the one before runs beside this one during an upgrade, and again after a rollback. */
const FOLDER = join(import.meta.dirname, '../../prisma/compat');
const released = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ''));

let world: TestWorld;
let client: PoolClient;
beforeAll(async () => {
  world = await openWorld();
  client = await world.db.pool.connect();
});
afterAll(async () => {
  client.release();
  await world.close();
});

const usedBy = (version: string): DatabaseUse =>
  JSON.parse(readFileSync(join(FOLDER, `${version}.json`), 'utf8')) as DatabaseUse;

describe('the migrated database serves what was released before', () => {
  it.each(released)('version %s', async (version) => {
    expect(await brokenUses(client, usedBy(version))).toEqual([]);
  });

  it('and something was released', () => {
    expect(released.length).toBeGreaterThan(0);
  });
});

describe('a migration that would break it is noticed', () => {
  it.each([
    ['DROP TABLE policy_breakers CASCADE', 'the table policy_breakers is gone'],
    ['ALTER TABLE runs DROP COLUMN attempt CASCADE', 'the column runs.attempt is gone'],
    ['ALTER TABLE runs DROP COLUMN fence CASCADE', expect.stringMatching(/^the statement .* fails: column .*fence/)],
    ['ALTER TABLE threads RENAME COLUMN title TO name', 'the column threads.title is gone'],
    ['ALTER TABLE runs ALTER COLUMN attempt TYPE bigint', 'the column runs.attempt has become bigint, was integer'],
    ['ALTER TABLE threads ADD COLUMN place text NOT NULL', 'the column threads.place must now be named in inserts'],
  ])('%s', async (sql, reason) => {
    await client.query('BEGIN');
    try {
      await client.query(sql);
      const broken = await brokenUses(client, usedBy(released[0] ?? ''));
      expect(broken).toEqual(expect.arrayContaining([reason]));
    } finally {
      await client.query('ROLLBACK');
    }
  });
});
