import {
  type Deadlines,
  type ModelNameMap,
  modelSettingsOf,
  PROVIDER_VARIABLES,
  type ProviderConfigInput,
  type ProxyOf,
  providersOf,
  referenceIssues,
} from '#providers';
import { configFileSchema } from './config-schema.js';
import {
  authSettingProblems,
  type FileStoreSettings,
  distinguishesUsers,
  type Environment,
  environmentSchema,
  asksForTraces,
  traceHeaders,
  logSettings,
  type LogSettings,
  parseEnvironment,
  plainWords,
  proxyOf,
  readConfigFile,
  redisProblems,
  redisSettings,
  type RedisSettings,
  resolveSecrets,
  type RelayConfig,
  type RunLimits,
  quotasOf,
  runLimits,
  s3Problems,
  s3Settings,
  unknownVariables,
} from '#runtime';

export interface WorkerConfig {
  /** What is wrong and does not stop the start. */
  readonly warnings: readonly string[];
  readonly databaseUrl: string;
  readonly directDatabaseUrl: string | undefined;
  readonly redis: RedisSettings | undefined;
  readonly rowLevelSecurity: boolean;
  readonly log: LogSettings;
  readonly tracing: boolean;
  /** Headers that tell providers which trace a request belongs to; absent unless that is allowed. */
  readonly headersNow: (() => Readonly<Record<string, string>>) | undefined;
  /** Runs at once in this process. */
  readonly concurrency: number;
  /** How long runs may continue after the worker's stop signal, in milliseconds; the remaining runs are handed over. */
  readonly graceMs: number;
  /** Bytes of attachments that this process may hold at once. */
  readonly attachmentBytes: number;
  readonly distinguishesUsers: boolean;
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
  /** Where health and metrics are served; without a port nowhere. */
  readonly health: { readonly host: string; readonly port: number | undefined };
  /** Nothing is configured, and only the demo answers: show what the product can do. */
  readonly isShowcase: boolean;
}

const Variables = environmentSchema('worker');
/** Of answers; what is left then goes to other workers. */
const GRACE_SECONDS = 8;

/** The worker's configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(environment: Environment = process.env): WorkerConfig {
  const { env, problems } = resolveSecrets(environment);
  const read = readConfigFile(env, 'worker');
  const { file, isGiven } = read;
  const providers = providersOf(file.providers, env, plainWords);
  const models = modelSettingsOf(file, providers.configs, plainWords);
  const unknown = unknownVariables(env, { ofProviders: PROVIDER_VARIABLES, inserted: read.inserted });
  const { warnings } = unknown;
  const between = (given: Environment): string[] => [
    ...problems,
    ...(read.wrong.has('auth') ? [] : authSettingProblems(given, file.auth)),
    ...providers.problems,
    ...unknown.problems,
    ...redisProblems(given),
    ...s3Problems(given),
    ...read.report(
      [...providers.issues, ...models.issues, ...referenceIssues(read.written, providers.configs, env)],
      configFileSchema,
    ),
  ];
  const variables = parseEnvironment(Variables, env, between, warnings);
  const hasUsers = distinguishesUsers(variables.AUTH_MODE ?? file.auth.mode ?? ['none']);
  return {
    warnings,
    databaseUrl: variables.DATABASE_URL,
    directDatabaseUrl: variables.DATABASE_DIRECT_URL,
    redis: redisSettings(variables),
    rowLevelSecurity: variables.ROW_LEVEL_SECURITY,
    log: logSettings(variables, env, file),
    tracing: asksForTraces(variables),
    headersNow: variables.TRACE_CONTEXT_TO_PROVIDERS ? traceHeaders : undefined,
    concurrency: variables.WORKER_CONCURRENCY,
    graceMs: (variables.SHUTDOWN_GRACE_SECONDS ?? GRACE_SECONDS) * 1_000,
    attachmentBytes: variables.WORKER_ATTACHMENT_MB * 1024 * 1024,
    distinguishesUsers: hasUsers,
    providers: providers.configs,
    proxyOf,
    models,
    files: { dataDir: variables.DATA_DIR, s3: s3Settings(variables), direct: file.attachments.direct },
    secretsKeys: variables.SECRETS_KEY ?? [],
    limits: runLimits(file.limits, hasUsers, quotasOf(file.quotas)),
    file,
    health: { host: variables.WORKER_HEALTH_HOST, port: variables.WORKER_HEALTH_PORT },
    isShowcase: !isGiven && providers.configs.every(({ kind }) => kind === 'demo'),
  };
}
