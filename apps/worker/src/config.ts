import { getProxyForUrl } from 'proxy-from-env';
import { z } from 'zod';
import {
  type Deadlines,
  type ModelNameMap,
  modelSettingsOf,
  type ProviderConfigInput,
  type ProxyOf,
  providersOf,
} from '#providers';
import {
  authSettingProblems,
  commonVariables,
  type FileStoreSettings,
  distinguishesUsers,
  type Environment,
  graceSeconds,
  parseEnvironment,
  readConfigFile,
  type RelayConfig,
  type RunLimits,
  quotasOf,
  runLimits,
  s3Problems,
  s3Settings,
  s3Variables,
  wholeNumber,
} from '#runtime';

export interface WorkerConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly log: { readonly level: string; readonly pretty: boolean };
  /** Runs at once in this process. */
  readonly concurrency: number;
  /** How long runs may continue after the worker's stop signal, in milliseconds; the remaining runs are handed over. */
  readonly graceMs: number;
  /** Bytes of attachments that this process may hold at once. */
  readonly attachmentBytes: number;
  /** The server's only user is its developer, who is shown the cause of an error. */
  readonly showCauses: boolean;
  readonly providers: readonly ProviderConfigInput[];
  /** The proxy for a URL, by the process's environment. */
  readonly proxyOf: ProxyOf;
  /** Public names of models, how long each phase of a model call may take where nothing else is configured, and a whole run. */
  readonly models: { readonly names: ModelNameMap; readonly deadlines: Deadlines; readonly runMs: number };
  readonly files: FileStoreSettings;
  /** Decrypt the tenants' own keys; the newest first, empty without any. */
  readonly secretsKeys: readonly string[];
  readonly limits: RunLimits;
  readonly file: RelayConfig;
}

const proxy = z.url({ protocol: /^https?$/, error: 'must be the URL of an HTTP proxy, http://host:port' }).optional();

const Variables = z.object({
  ...commonVariables,
  ...s3Variables,
  WORKER_CONCURRENCY: wholeNumber(1, 10_000).default(200),
  SHUTDOWN_GRACE_SECONDS: graceSeconds(8),
  WORKER_ATTACHMENT_MB: wholeNumber(32, 65_536).default(256),
  HTTPS_PROXY: proxy,
  https_proxy: proxy,
  HTTP_PROXY: proxy,
  http_proxy: proxy,
  ALL_PROXY: proxy,
  all_proxy: proxy,
  /** Hosts that are reached without a proxy; `.example.com` for all of a domain. */
  NO_PROXY: z.string().optional(),
  no_proxy: z.string().optional(),
});

/** The worker's configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(env: Environment = process.env): WorkerConfig {
  const { file, problems } = readConfigFile(env);
  const providers = providersOf(file.providers, env);
  const models = modelSettingsOf(file, providers.configs);
  const variables = parseEnvironment(Variables, env, (given) => [
    ...problems,
    ...authSettingProblems(given, file.auth),
    ...providers.problems,
    ...models.problems,
    ...s3Problems(given),
  ]);
  const hasUsers = distinguishesUsers(variables.AUTH_MODE ?? file.auth.mode ?? ['none']);
  return {
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    log: { level: variables.LOG_LEVEL, pretty: process.stdout.isTTY && variables.NODE_ENV !== 'production' },
    concurrency: variables.WORKER_CONCURRENCY,
    graceMs: variables.SHUTDOWN_GRACE_SECONDS * 1_000,
    attachmentBytes: variables.WORKER_ATTACHMENT_MB * 1024 * 1024,
    showCauses: !hasUsers,
    providers: providers.configs,
    proxyOf: (url) => getProxyForUrl(url) || undefined,
    models,
    files: { dataDir: variables.DATA_DIR, s3: s3Settings(variables), direct: file.attachments.direct },
    secretsKeys: variables.SECRETS_KEY ?? [],
    limits: runLimits(file.limits, hasUsers, quotasOf(file.quotas)),
    file,
  };
}
