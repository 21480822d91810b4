import { z } from 'zod';
import { type ProviderConfigInput, providersOf } from '#providers';
import {
  commonVariables,
  ConfigError,
  type Environment,
  loadConfigFile,
  parseEnvironment,
  type RelayConfig,
  wholeNumber,
} from '#runtime';

export interface WorkerConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly log: { readonly level: string; readonly pretty: boolean };
  /** Runs at once in this process. */
  readonly concurrency: number;
  /** The server's only user is its developer, who is shown the cause of an error. */
  readonly showCauses: boolean;
  readonly providers: readonly ProviderConfigInput[];
  /** Where attachments lie. */
  readonly dataDir: string;
  readonly file: RelayConfig;
}

const Variables = z.object({
  ...commonVariables,
  WORKER_CONCURRENCY: wholeNumber(1, 10_000).default(200),
});

/** The worker's configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(env: Environment = process.env): WorkerConfig {
  const variables = parseEnvironment(Variables, env);
  const file = loadConfigFile(env);
  return {
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    log: { level: variables.LOG_LEVEL, pretty: process.stdout.isTTY && variables.NODE_ENV !== 'production' },
    concurrency: variables.WORKER_CONCURRENCY,
    showCauses: (variables.AUTH_MODE ?? file.auth?.mode ?? 'none') === 'none',
    providers: providers(file, env),
    dataDir: variables.DATA_DIR,
    file,
  };
}

function providers(file: RelayConfig, env: Environment): readonly ProviderConfigInput[] {
  const { configs, problems } = providersOf(file.providers, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return configs;
}
