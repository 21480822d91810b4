import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export type EngineKind = 'redis' | 'postgres';

export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** Redis gives this many logical databases by default; the private one has more, and so has room for every file. */
const DATABASES = { own: 1024, configured: 16 };

const {
  TEST_DATABASE_URL,
  TEST_DATABASE_TEMPLATE,
  TEST_REDIS_URL,
  TEST_REDIS_MISSING,
  TEST_REDIS_IS_PRIVATE,
  TEST_SCRATCH,
} = process.env;

/** For `describe.each`: Redis is missing from the list when there is none (test/support/engines.test.ts says why). */
export const engineKinds: EngineKind[] = TEST_REDIS_URL ? ['redis', 'postgres'] : ['postgres'];

/** Why there is no Redis; empty when there is one. */
export const redisMissing = TEST_REDIS_MISSING ?? '';

/** A database of one's own with all migrations applied: a copy of the template, made in about 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = given(TEST_DATABASE_TEMPLATE);
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(given(TEST_DATABASE_URL));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

let ownRedisUrl: string | undefined;

/** The same logical database for the whole test file, and another one for each file. Channels know no databases. */
export function testRedisUrl(): string | undefined {
  if (!TEST_REDIS_URL) return undefined;
  ownRedisUrl ??= withDatabase(
    TEST_REDIS_URL,
    nextNumber() % (TEST_REDIS_IS_PRIVATE ? DATABASES.own : DATABASES.configured),
  );
  return ownRedisUrl;
}

function withDatabase(redisUrl: string, database: number): string {
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Making a folder either succeeds or tells that somebody was first: test files run in several processes. */
function nextNumber(): number {
  const folder = join(given(TEST_SCRATCH), 'redis-databases');
  mkdirSync(folder, { recursive: true });
  for (let number = 0; ; number += 1) {
    try {
      mkdirSync(join(folder, String(number)));
      return number;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: given(TEST_DATABASE_URL) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function given(value: string | undefined): string {
  if (value) return value;
  throw new Error('The test engines are not running: run tests by `npm test -- <files>`, not by vitest alone.');
}
