import {
  AuthModes,
  authSettingProblems,
  type AttachmentQuota,
  attachmentQuota,
  distinguishesUsers,
  directUrlOf,
  type DoubleTexting,
  type AuthFile,
  type Environment,
  environmentSchema,
  type FileStoreSettings,
  parseEnvironment,
  readConfigFile,
  resolveSecrets,
  type RequestLimits,
  requestLimits,
  asksForTraces,
  logSettings,
  type LogSettings,
  type RunLimits,
  quotasOf,
  portProblems,
  redisProblems,
  redisSettings,
  type RedisSettings,
  type RequestRateLimits,
  requestRatesOf,
  runLimits,
  s3Problems,
  s3Settings,
  unknownVariables,
} from '#runtime';
import { type AuthConfig, authConfig, authProblems } from './auth-config.js';
import { allowedHosts, openingsOf, reachProblems } from './reach-config.js';
import { type AllowedHost } from '#runtime/api';

/** The API's configuration, from the environment and the config file. A class, to be injected by it. */
export abstract class ApiConfig {
  /** What is wrong and does not stop the start. */
  abstract readonly warnings: readonly string[];
  abstract readonly host: string;
  abstract readonly port: number;
  /** How long open streams may continue after the stop signal, in milliseconds. */
  abstract readonly graceMs: number;
  abstract readonly databaseUrl: string;
  abstract readonly directDatabaseUrl: string | undefined;
  abstract readonly redis: RedisSettings | undefined;
  abstract readonly rowLevelSecurity: boolean;
  abstract readonly log: LogSettings;
  abstract readonly tracing: boolean;
  abstract readonly auth: AuthConfig;
  /** Without authentication the only user is the developer, who may read the causes of errors. */
  abstract readonly isSingleUser: boolean;
  /** Origins of pages that may call, besides our own, as browsers write them; or `*` alone. */
  abstract readonly corsOrigins: readonly string[];
  /** Host names that the server answers to where it believes whoever reaches it, besides loopback names. */
  abstract readonly allowedHosts: readonly AllowedHost[];
  /** Set if everybody who reaches this address is let in, on purpose. */
  abstract readonly openAt: string | undefined;
  abstract readonly files: FileStoreSettings;
  /** `maxBytes` of one file; `linkSeconds`: how long a link to one is valid; `upload`: what pages are told to do. */
  abstract readonly attachments: {
    readonly maxBytes: number;
    readonly upload: 'two_phase' | 'direct';
    readonly linkSeconds: number;
    readonly quota: AttachmentQuota;
  };
  /** What OpenAI's component shows to OpenAI for the domain of its page. */
  abstract readonly domainKey: string | undefined;
  /** The address under which browsers reach this server; if absent, it is taken from each request. */
  abstract readonly publicUrl: string | undefined;
  /** Milliseconds without a frame after which a stream gets a comment; undefined for never. */
  abstract readonly heartbeatMs: number | undefined;
  /** Request headers that assistants may see. */
  abstract readonly contextHeaders: readonly string[];
  /** Secrets from which keys are derived; the first is in use, the others were. Empty: they are made and kept in Postgres. */
  abstract readonly secretsKeys: readonly string[];
  /** A port for the metrics alone, which asks for no credentials; undefined: none. */
  abstract readonly metrics: { readonly host: string; readonly port: number | undefined };
  /** Enables the administrator's routes; if absent, there are none. */
  abstract readonly adminToken: string | undefined;
  /** Administrators may read conversations. */
  abstract readonly adminContent: boolean;
  abstract readonly limits: RunLimits;
  /** Requests a minute; absent where no limit is configured. */
  abstract readonly requestRates?: RequestRateLimits | undefined;
  /** What requests may hold, and how many may be open. */
  abstract readonly requestLimits: RequestLimits;
  /** For assistants that no worker has published yet. */
  abstract readonly doubleTexting: DoubleTexting;
}

const Variables = environmentSchema('api');
/** Of open streams; answers go on in the workers. */
const GRACE_SECONDS = 5;

/** Reads the configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(environment: Environment = process.env): ApiConfig {
  const { env, problems } = resolveSecrets(environment);
  const { file, report, wrong, inserted } = readConfigFile(env, 'api');
  const unknown = unknownVariables(env, { inserted });
  const { warnings } = unknown;
  const between = (given: Environment): string[] => [
    ...problems,
    ...(wrong.has('auth') ? [] : startProblems(given, file.auth)),
    ...unknown.problems,
    ...portProblems(given),
    ...redisProblems(given),
    ...s3Problems(given),
    ...report(),
  ];
  const variables = parseEnvironment(Variables, env, between, warnings);
  const auth = authConfig(variables, file.auth);
  const hasUsers = distinguishesUsers(auth.modes);
  const openAt = hasUsers ? undefined : openingsOf(variables)[0]?.value;
  // Where strangers may come in, one user is not one person.
  const isLimited = hasUsers || openAt !== undefined;
  return {
    warnings,
    host: variables.HOST,
    port: variables.PORT,
    graceMs: (variables.SHUTDOWN_GRACE_SECONDS ?? GRACE_SECONDS) * 1_000,
    databaseUrl: variables.DATABASE_URL,
    directDatabaseUrl: variables.DATABASE_DIRECT_URL,
    redis: redisSettings(variables),
    rowLevelSecurity: variables.ROW_LEVEL_SECURITY,
    log: logSettings(variables, env, file),
    tracing: asksForTraces(variables),
    auth,
    isSingleUser: !hasUsers,
    corsOrigins: [...new Set(variables.CORS_ORIGINS)],
    allowedHosts: allowedHosts(variables),
    openAt,
    files: { dataDir: variables.DATA_DIR, s3: s3Settings(variables), direct: file.attachments.direct },
    attachments: { ...file.attachments, quota: attachmentQuota(file.attachments, isLimited) },
    domainKey: variables.CHATKIT_DOMAIN_KEY,
    publicUrl: variables.PUBLIC_URL,
    heartbeatMs: file.heartbeat === false ? undefined : file.heartbeat.seconds * 1_000,
    contextHeaders: file.context.headers,
    secretsKeys: variables.SECRETS_KEY ?? [],
    metrics: { host: variables.METRICS_HOST, port: variables.METRICS_PORT },
    adminToken: variables.ADMIN_TOKEN,
    adminContent: variables.ADMIN_CONTENT,
    requestLimits: requestLimits(file.limits, { hasUsers, isLimited }),
    limits: runLimits(file.limits, hasUsers, quotasOf(file.quotas)),
    requestRates: requestRatesOf(file.quotas),
    doubleTexting: file.doubleTexting,
  };
}

/** Everything between several settings for which the API must not start. */
function startProblems(given: Environment, file: AuthFile): string[] {
  const modes = AuthModes.safeParse(given['AUTH_MODE'] ?? file.mode ?? 'none').data;
  return [...authSettingProblems(given, file), ...authProblems(given, file), ...reachProblems(given, modes)];
}

const DatabaseVariables = Variables.pick({ DATABASE_URL: true, DATABASE_DIRECT_URL: true });

/** For commands that need nothing else: of Postgres itself, not of a pooler. Throws `ConfigError`. */
export function loadDatabaseUrl(environment: Environment = process.env): string {
  const { env, problems } = resolveSecrets(environment);
  const { DATABASE_URL, DATABASE_DIRECT_URL } = parseEnvironment(DatabaseVariables, env, () => problems);
  return directUrlOf({ databaseUrl: DATABASE_URL, directDatabaseUrl: DATABASE_DIRECT_URL });
}
