import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type Engines, startEngines } from '../../tools/engines/engines.js';
import { LauncherError } from '../../tools/engines/launcher-error.js';
import { findRedis } from '../../tools/engines/redis.js';
import { checkDatabase, checkRedis } from '../../tools/launcher/check-connections.js';
import { migrate } from '../../tools/launcher/migrate.js';
import { nameOf, parentOf, type Roles } from './cpu.js';
import type { EngineKind } from './options.js';

/** Postgres and Redis for the product. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** Their processes, where they can be seen. */
  readonly roles: Roles;
  /** For people: name and version. */
  readonly names: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts private engines, or takes those that TEST_DATABASE_URL and TEST_REDIS_URL name, with a database of our own.
 * Postgres keeps its promises to the disk here, other than in tests: they are part of what a turn costs.
 * `schemaOf` is the checkout whose migrations are applied.
 */
export async function openStores(
  root: string,
  scratch: string,
  engine: EngineKind,
  schemaOf: string = root,
): Promise<Stores> {
  const { TEST_DATABASE_URL: givenDatabase, TEST_REDIS_URL: givenRedis } = process.env;
  const redis = engine === 'redis' && !givenRedis ? requireRedis() : undefined;
  const engines =
    givenDatabase && !redis
      ? undefined
      : await startEngines({ root, dataDir: openFolder(scratch), postgres: !givenDatabase, ...(redis && { redis }) });
  const adminUrl = givenDatabase ?? engines?.postgres?.url('postgres') ?? '';
  const redisUrl = engine === 'redis' ? (givenRedis ?? engines?.redis?.url) : undefined;
  const name = `chatkit_bench_${randomBytes(4).toString('hex')}`;
  const stop = () => close(adminUrl, name, engines);
  try {
    const databaseUrl = await makeDatabase(schemaOf, adminUrl, name);
    const [postgresVersion, redisVersion] = await Promise.all([
      checkDatabase(databaseUrl),
      redisUrl && checkRedis(redisUrl),
    ]);
    return {
      databaseUrl,
      redisUrl,
      roles: { ...(await postgresRole(databaseUrl)), ...(redisUrl && (await redisRole(redisUrl))) },
      names: [`Postgres ${postgresVersion}`, ...(redisVersion ? [`Redis ${redisVersion}`] : [])],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Run by root, Postgres is another user and must pass through. */
function openFolder(scratch: string): string {
  const folder = join(scratch, 'engines');
  mkdirSync(folder);
  for (const path of [scratch, folder]) chmodSync(path, 0o711);
  return folder;
}

function requireRedis() {
  const { redis, notes } = findRedis();
  if (redis) return redis;
  const missing = 'No redis-server or valkey-server on PATH, and TEST_REDIS_URL is not set (or: --engine postgres).';
  throw new LauncherError([missing, ...notes].join(' '));
}

async function makeDatabase(root: string, adminUrl: string, name: string): Promise<string> {
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await migrate(root, url.href, () => undefined);
  return url.href;
}

async function close(adminUrl: string, name: string, engines: Engines | undefined): Promise<void> {
  try {
    await withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  } finally {
    await engines?.stop();
  }
}

/** Asked of the server itself, so that a server that somebody else has started is found as well. */
async function postgresRole(url: string): Promise<Roles> {
  const postmaster = await withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return parentOf(rows[0]?.pid ?? 0);
  });
  return postmaster?.name.startsWith('postgres') ? { postgres: postmaster.pid } : {};
}

async function redisRole(url: string): Promise<Roles> {
  const redis = new Redis(url, { maxRetriesPerRequest: 0 });
  try {
    const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
    return /redis|valkey/.test(nameOf(pid)) ? { redis: pid } : {};
  } finally {
    redis.disconnect();
  }
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
