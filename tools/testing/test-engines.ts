import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Engines, startEngines } from '../engines/engines.js';
import { findRedis } from '../engines/redis.js';
import { checkDatabase, checkRedis } from '../launcher/check-connections.js';
import { migrate } from '../launcher/migrate.js';

/** What `test/support/engines.ts` reads. */
export interface TestEnvironment {
  /** A database whose user may create others. */
  TEST_DATABASE_URL: string;
  /** The migrated database that every test database is a copy of; names of the copies begin with it. */
  TEST_DATABASE_TEMPLATE: string;
  TEST_REDIS_URL: string;
  /** Set when Redis is our own, which has many logical databases. */
  TEST_REDIS_IS_PRIVATE: string;
  /** Why there is no Redis, or empty. */
  TEST_REDIS_MISSING: string;
}

export interface TestEngines {
  env: TestEnvironment & NodeJS.ProcessEnv;
  close: () => Promise<void>;
}

/** Private engines (or those that TEST_DATABASE_URL and TEST_REDIS_URL name), and a migrated template database. */
export async function openTestEngines(root: string, scratch: string): Promise<TestEngines> {
  const { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  await Promise.all([databaseUrl && checkDatabase(databaseUrl), redisUrl && checkRedis(redisUrl)]);
  const { redis, notes } = redisUrl ? { notes: [] } : findRedis();
  const wish = { root, dataDir: scratch, postgres: !databaseUrl, redis, throwAway: true };
  const engines = databaseUrl && !redis ? undefined : await startEngines(wish);
  const adminUrl = databaseUrl ?? engines?.postgres?.url('postgres') ?? '';
  const template = `chatkit_test_${randomBytes(4).toString('hex')}`;
  const close = closer(adminUrl, databaseUrl ? template : undefined, engines);
  try {
    await makeTemplate(root, adminUrl, template);
  } catch (error) {
    await close();
    throw error;
  }
  const TEST_REDIS_URL = redisUrl ?? engines?.redis?.url ?? '';
  const missing = TEST_REDIS_URL
    ? ''
    : ['No redis-server or valkey-server on PATH, and TEST_REDIS_URL is not set.', ...notes].join(' ');
  return {
    env: {
      TEST_DATABASE_URL: adminUrl,
      TEST_DATABASE_TEMPLATE: template,
      TEST_REDIS_URL,
      TEST_REDIS_IS_PRIVATE: redisUrl ? '' : '1',
      TEST_REDIS_MISSING: missing,
    },
    close,
  };
}

async function makeTemplate(root: string, adminUrl: string, template: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${template}`));
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  await migrate(root, url.href, () => undefined);
}

/** On a Postgres that is not ours, the databases of this run are dropped; ours vanishes as a whole. */
function closer(adminUrl: string, template: string | undefined, engines: Engines | undefined): () => Promise<void> {
  return async () => {
    try {
      if (template) await withClient(adminUrl, (client) => dropAll(client, template));
    } finally {
      await engines?.stop();
    }
  };
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of rows)
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
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
