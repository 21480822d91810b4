import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { startEngines } from '../engines/engines.js';
import { findRedis } from '../engines/redis.js';
import { checkDatabase, checkRedis } from '../launcher/check-connections.js';
import { migrate } from '../launcher/migrate.js';

/** What `test/support/engines.ts` is given. */
export interface ProvidedEngines {
  /** A database whose user may create others. */
  databaseUrl: string;
  /** The migrated database that every test database is a copy of; names of the copies begin with it. */
  template: string;
  /** Empty when there is no Redis. */
  redisUrl: string;
  /** Our own has many logical databases. */
  redisIsPrivate: boolean;
  /** Why there is no Redis; empty when there is one. */
  redisMissing: string;
  /** A folder for all test files of the run. */
  scratch: string;
}

export interface TestEngines {
  provided: ProvidedEngines;
  close: () => Promise<void>;
}

/** Private engines (or those that TEST_DATABASE_URL and TEST_REDIS_URL name), and a migrated template database. */
export async function openTestEngines(root: string, scratch: string): Promise<TestEngines> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_RUN: run = newRun() } = process.env;
  await Promise.all([
    TEST_DATABASE_URL && checkDatabase(TEST_DATABASE_URL),
    TEST_REDIS_URL && checkRedis(TEST_REDIS_URL),
  ]);
  const { redis, notes } = TEST_REDIS_URL ? { notes: [] } : findRedis();
  const wish = { root, dataDir: join(scratch, 'engines'), postgres: !TEST_DATABASE_URL, redis, throwAway: true };
  const engines = TEST_DATABASE_URL && !redis ? undefined : await startEngines(wish);
  const databaseUrl = TEST_DATABASE_URL ?? engines?.postgres?.url('postgres') ?? '';
  const redisUrl = TEST_REDIS_URL ?? engines?.redis?.url ?? '';
  const close = async (): Promise<void> => {
    try {
      await dropDatabasesOf(run);
    } finally {
      await engines?.stop();
    }
  };
  try {
    await makeTemplate(root, databaseUrl, templateOf(run));
  } catch (error) {
    await close();
    throw error;
  }
  const missing = ['No redis-server or valkey-server on PATH, and TEST_REDIS_URL is not set.', ...notes];
  return {
    provided: {
      databaseUrl,
      template: templateOf(run),
      redisUrl,
      redisIsPrivate: !TEST_REDIS_URL,
      redisMissing: redisUrl ? '' : missing.join(' '),
      scratch,
    },
    close,
  };
}

/** An id for the run: part of its databases' names, and in TEST_RUN the mark of its processes. */
export const newRun = (): string => randomBytes(4).toString('hex');

const templateOf = (run: string): string => `chatkit_test_${run}`;

async function makeTemplate(root: string, adminUrl: string, template: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${template}`));
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  await migrate(root, url.href, () => undefined);
}

/** On a Postgres that we did not start, the databases of a run are dropped; ours is removed as a whole. */
export async function dropDatabasesOf(run: string): Promise<void> {
  const { TEST_DATABASE_URL } = process.env;
  if (TEST_DATABASE_URL) await withClient(TEST_DATABASE_URL, (client) => dropAll(client, templateOf(run)));
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of rows) {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(`${datname}_tenant`)}`);
  }
}

async function withClient(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
