import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startEngines } from '../../tools/engines/engines.js';
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
 * Starts engines in a new folder. Each instance has its own, so that none does another one's work, and what they cost is
 * known. Postgres keeps its promises to the disk here, other than in tests: they are part of what a turn costs.
 * `schemaOf` is the checkout whose migrations are applied; without one the database is empty.
 */
export async function openStores(
  root: string,
  folder: string,
  engine: EngineKind,
  schemaOf: string | undefined,
): Promise<Stores> {
  const redis = engine === 'redis' ? requireRedis() : undefined;
  makeFolder(folder);
  const engines = await startEngines({ root, dataDir: folder, postgres: true, ...(redis && { redis }) });
  const redisUrl = engines.redis?.url;
  const stop = () => engines.stop();
  try {
    const databaseUrl = await makeDatabase(schemaOf, engines.postgres?.url('postgres') ?? '');
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
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const path of [dirname(folder), folder]) chmodSync(path, 0o711);
}

function requireRedis() {
  const { redis, notes } = findRedis();
  if (redis) return redis;
  const missing = 'No redis-server or valkey-server on PATH (or: --engine postgres).';
  throw new LauncherError([missing, ...notes].join(' '));
}

async function makeDatabase(schemaOf: string | undefined, adminUrl: string): Promise<string> {
  await withClient(adminUrl, (client) => client.query('CREATE DATABASE bench'));
  const url = new URL(adminUrl);
  url.pathname = '/bench';
  if (schemaOf !== undefined) await migrate(schemaOf, url.href, () => undefined);
  return url.href;
}

/** Asked of the server itself: it may have been started by a process between. */
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
