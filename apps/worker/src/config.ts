import { z } from 'zod';
import { type ProviderConfig, providersFromEnvironment } from '#providers';
import { commonVariables, type Environment, parseEnvironment, wholeNumber } from '#runtime';

export interface WorkerConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly log: { readonly level: string; readonly pretty: boolean };
  /** Runs at once in this process. */
  readonly concurrency: number;
  /** The server's only user is its developer, who is shown the cause of an error. */
  readonly showCauses: boolean;
  readonly providers: readonly ProviderConfig[];
}

const Variables = z.object({
  ...commonVariables,
  WORKER_CONCURRENCY: wholeNumber(1, 10_000).default(200),
});

/** The worker's configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(env: Environment = process.env): WorkerConfig {
  const variables = parseEnvironment(Variables, env);
  return {
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    log: { level: variables.LOG_LEVEL, pretty: process.stdout.isTTY && variables.NODE_ENV !== 'production' },
    concurrency: variables.WORKER_CONCURRENCY,
    showCauses: variables.AUTH_MODE === 'none',
    providers: providersFromEnvironment(env),
  };
}
