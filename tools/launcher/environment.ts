/** What the launcher itself reads; everything else is passed unchanged to the apps, which check it. */
export interface LauncherEnvironment {
  /** Undefined when it is not a port: the API reports that with all other configuration errors. */
  port: number | undefined;
  host: string;
  databaseUrl: string | undefined;
  /** For migrations and other commands of ours: a pooler may be at `databaseUrl`. */
  directDatabaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** The variable that names a cluster or Sentinels, which the apps find by themselves. */
  redisElsewhere: 'REDIS_CLUSTER_NODES' | 'REDIS_SENTINELS' | undefined;
  /** There is more to a connection than `redisUrl`, which only the apps know how to use. */
  redisNeedsMore: boolean;
}

export function readEnvironment(env: NodeJS.ProcessEnv): LauncherEnvironment {
  const port = Number(env.PORT || 8000);
  return {
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    host: env.HOST || '127.0.0.1',
    databaseUrl: env.DATABASE_URL || undefined,
    directDatabaseUrl: env.DATABASE_DIRECT_URL || env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    redisElsewhere: redisElsewhere(env),
    redisNeedsMore: Boolean(env.REDIS_USERNAME || env.REDIS_TLS || env.REDIS_TLS_CA_FILE || env.REDIS_TLS_CERT_FILE),
  };
}

function redisElsewhere(env: NodeJS.ProcessEnv): LauncherEnvironment['redisElsewhere'] {
  if (env.REDIS_CLUSTER_NODES) return 'REDIS_CLUSTER_NODES';
  return env.REDIS_SENTINELS ? 'REDIS_SENTINELS' : undefined;
}
