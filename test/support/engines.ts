import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { ProvidedEngines } from '../../tools/testing/test-engines.js';

export type EngineKind = 'redis' | 'postgres';

export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** From the global setup of the project `engines`; no other project has it. */
    engines: ProvidedEngines;
  }
}

/** `TEST_ROW_LEVEL_SECURITY=true` runs any test with row-level security on. */
// oxlint-disable-next-line node/no-process-env
export const rowLevelSecurity = process.env['TEST_ROW_LEVEL_SECURITY'] === 'true';

/** Redis gives this many logical databases by default; the private one has more, and so has room for every file. */
const DATABASES = { own: 1024, configured: 16 };

const provided: ProvidedEngines | undefined = inject('engines');

/** For `describe.each`: Redis is missing from the list when there is none (test/support/engines.test.ts says why). */
export const engineKinds: EngineKind[] = provided?.redisUrl ? ['redis', 'postgres'] : ['postgres'];

/** Why there is no Redis; empty when there is one. */
export const redisMissing = provided?.redisMissing ?? '';

/**
 * A database of one's own with all migrations applied: a copy of the template, made in about 50 ms, or of a database to which
 * nobody is connected.
 */
export async function createTestDatabase(
  settings: Readonly<Record<string, string>> = {},
  copyOf?: string,
): Promise<TestDatabase> {
  const { template, databaseUrl } = given();
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  const original = copyOf === undefined ? template : new URL(copyOf).pathname.slice(1);
  await administer(`CREATE DATABASE ${name} TEMPLATE ${original}`);
  for (const [setting, value] of Object.entries(settings)) {
    await administer(`ALTER DATABASE ${name} SET ${setting} = ${pg.escapeLiteral(value)}`);
  }
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    // Roles belong to the server; this one is there after row-level security was on.
    await administer(`DROP ROLE IF EXISTS ${name}_tenant`);
  };
  return { url: url.href, drop };
}

let ownRedisUrl: string | undefined;

/** The same logical database for the whole test file, and another one for each file. Channels know no databases. */
export function testRedisUrl(): string | undefined {
  if (!provided?.redisUrl) return undefined;
  const count = provided.redisIsPrivate ? DATABASES.own : DATABASES.configured;
  ownRedisUrl ??= withDatabase(provided.redisUrl, nextNumber() % count);
  return ownRedisUrl;
}

function withDatabase(redisUrl: string, database: number): string {
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Making a folder either succeeds or tells that somebody was first: test files run in several processes. */
function nextNumber(): number {
  const folder = join(given().scratch, 'redis-databases');
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
  const client = new pg.Client({ connectionString: given().databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function given(): ProvidedEngines {
  if (provided) return provided;
  throw new Error(
    'There are no engines here: a test that needs them belongs to the project `engines` (CONTRIBUTING.md).',
  );
}
