/** What the launcher itself reads; everything else is passed unchanged to the apps, which check it. */
export interface LauncherEnvironment {
  /** Undefined when it is not a port: the API reports that with all other configuration errors. */
  port: number | undefined;
  host: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  redisIsConfigured: boolean;
}

export function readEnvironment(env: NodeJS.ProcessEnv): LauncherEnvironment {
  const port = Number(env.PORT || 8000);
  return {
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    host: env.HOST || '127.0.0.1',
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    redisIsConfigured: Boolean(env.REDIS_URL || env.REDIS_CLUSTER_NODES),
  };
}
