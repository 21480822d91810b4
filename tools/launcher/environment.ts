/** What the launcher itself reads; everything else goes through to the apps as it is, which check it. */
export interface LauncherEnvironment {
  /** Undefined when it is no port: the API says so, with everything else that is wrong. */
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
