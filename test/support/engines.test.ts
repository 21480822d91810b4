import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, engineKinds, redisMissing, testRedisUrl } from './engines.js';

async function tablesOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

describe('test engines', () => {
  it('give each caller a migrated database of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.url).not.toBe(other.url);
    expect(await tablesOf(one.url)).toEqual(expect.arrayContaining(['threads', 'items', 'runs']));
    await Promise.all([one.drop(), other.drop()]);
    await expect(tablesOf(one.url)).rejects.toThrow(/does not exist/);
  });

  it.runIf(engineKinds.includes('redis'))('give the file an empty logical Redis database', async () => {
    const redis = new Redis(testRedisUrl() ?? '');
    expect(await redis.dbsize()).toBe(0);
    expect(testRedisUrl()).toBe(testRedisUrl());
    await redis.quit();
  });

  it('include Redis where a machine promises it (CI=true)', () => {
    expect(process.env.CI === 'true' ? redisMissing : '').toBe('');
  });
});
