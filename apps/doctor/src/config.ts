import { resolve } from 'node:path';
import {
  ConfigError,
  type Environment,
  packageRoot,
  redisSettings,
  type RedisSettings,
  resolveSecrets,
} from '#runtime';
import { type ApiConfig, loadConfig as loadApiConfig } from '../../api/src/config.js';
import { loadConfig as loadWorkerConfig, type WorkerConfig } from '../../worker/src/config.js';
import type { Installation } from './installation.js';

/** `npm start` starts a database where none is named, so that both processes always have an address. */
const STARTED_DATABASE = 'postgresql://127.0.0.1/started-by-npm-start';

/** The installation by its environment, read as both processes read it. */
export function readInstallation(environment: Environment = process.env): Installation {
  // For what is read here; both processes do it themselves, and say what is wrong with it.
  const { env } = resolveSecrets(environment);
  const isNamed = env['DATABASE_URL'] || environment['DATABASE_URL_FILE'];
  const given = isNamed ? environment : { ...environment, DATABASE_URL: STARTED_DATABASE };
  const problems = new Set<string>();
  const warnings = new Set<string>();
  const api = loaded<ApiConfig>(() => loadApiConfig(given), problems, warnings);
  const worker = loaded<WorkerConfig>(() => loadWorkerConfig(given), problems, warnings);
  return {
    root: packageRoot(),
    dataDir: resolve(env['DATA_DIR'] || '.data'),
    configFile: env['CHATKIT_CONFIG'] || undefined,
    databaseUrl: env['DATABASE_URL'] || undefined,
    directDatabaseUrl: env['DATABASE_DIRECT_URL'] || env['DATABASE_URL'] || undefined,
    redis: api?.redis ?? worker?.redis ?? urlAlone(env),
    host: env['HOST'] || '127.0.0.1',
    port: Number(env['PORT'] || 8000),
    publicUrl: env['PUBLIC_URL']?.replace(/\/+$/, '') || undefined,
    api,
    worker,
    problems: [...problems],
    warnings: [...warnings],
    secrets: secretsOf(env),
  };
}

/** Where the rest of the configuration is wrong, a server may still be looked at. */
const urlAlone = (env: Environment): RedisSettings | undefined =>
  env['REDIS_URL'] && URL.canParse(env['REDIS_URL']) ? redisSettings({ REDIS_URL: env['REDIS_URL'] }) : undefined;

function loaded<Config extends { readonly warnings: readonly string[] }>(
  load: () => Config,
  problems: Set<string>,
  warnings: Set<string>,
): Config | undefined {
  try {
    const config = load();
    for (const warning of config.warnings) warnings.add(warning);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) problems.add(problem);
    for (const warning of error.warnings) warnings.add(warning);
    return undefined;
  }
}

/** Values that must not be printed, whatever an error says. */
function secretsOf(env: Environment): string[] {
  const named = Object.entries(env).flatMap(([name, value]) =>
    value && /key|secret|token|password/i.test(name) && !/^npm_/i.test(name) ? value.split(',') : [],
  );
  const inAddresses = [env['DATABASE_URL'], env['DATABASE_DIRECT_URL'], env['REDIS_URL']].flatMap((url) =>
    url && URL.canParse(url) && new URL(url).password ? [decodeURIComponent(new URL(url).password)] : [],
  );
  return [...named, ...inAddresses];
}
