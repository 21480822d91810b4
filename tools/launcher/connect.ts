import { type Engines, startEngines } from '../engines/engines.js';
import { findRedis, type RedisBinary } from '../engines/redis.js';
import { checkDatabase, checkRedis } from './check-connections.js';
import type { LauncherEnvironment } from './environment.js';

export const DATABASE = 'chatkit_relay';

/** What the apps connect to, and how to describe it. */
export interface Connections {
  databaseUrl: string;
  /** Absent: Postgres takes its place. */
  redisUrl: string | undefined;
  /** Absent: everything was configured, nothing was started. */
  engines: Engines | undefined;
  postgres: string;
  redis: string;
  dataFolders: string[];
  notes: string[];
}

/** Checks what is configured, starts what is not. */
export async function connect(root: string, dataDir: string, env: LauncherEnvironment): Promise<Connections> {
  const configured = await checkConfigured(env);
  const { redis, notes } = env.redisUrl || env.redisElsewhere ? { notes: [] } : findRedis();
  const engines = await startMissing(root, dataDir, env, redis);
  return {
    databaseUrl: env.databaseUrl ?? engines?.postgres?.url(DATABASE) ?? '',
    redisUrl: env.redisUrl ?? engines?.redis?.url,
    engines,
    postgres: engines?.postgres
      ? `Postgres ${engines.postgres.version} (embedded)`
      : `Postgres ${configured.postgres} (DATABASE_URL)`,
    redis: engines?.redis ? `${engines.redis.name} ${engines.redis.version} (private)` : configured.redis,
    dataFolders: [...new Set([dataDir, engines?.postgres?.folder ?? dataDir])],
    notes,
  };
}

async function checkConfigured(env: LauncherEnvironment): Promise<{ postgres: string; redis: string }> {
  const [postgres, redis] = await Promise.all([
    env.databaseUrl && checkDatabase(env.databaseUrl),
    env.redisUrl && !env.redisNeedsMore ? checkRedis(env.redisUrl) : undefined,
  ]);
  return {
    postgres: postgres ?? '',
    redis: redisOf(env, redis),
  };
}

function redisOf({ redisUrl, redisElsewhere, redisNeedsMore }: LauncherEnvironment, version?: string): string {
  if (redisElsewhere) return `Redis (${redisElsewhere})`;
  if (redisUrl && redisNeedsMore) return 'Redis (REDIS_URL)';
  return version === undefined ? 'no Redis (Postgres is used instead)' : `Redis ${version} (REDIS_URL)`;
}

async function startMissing(
  root: string,
  dataDir: string,
  env: LauncherEnvironment,
  redis: RedisBinary | undefined,
): Promise<Engines | undefined> {
  if (env.databaseUrl && !redis) return undefined;
  return startEngines({ root, dataDir, postgres: !env.databaseUrl, redis });
}
