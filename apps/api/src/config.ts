import { z } from 'zod';
import {
  AuthModes,
  authSettingProblems,
  type AttachmentQuota,
  attachmentQuota,
  commonVariables,
  distinguishesUsers,
  type DoubleTexting,
  type AuthFile,
  type Environment,
  type FileStoreSettings,
  parseEnvironment,
  readConfigFile,
  type RequestLimits,
  requestLimits,
  graceSeconds,
  type RunLimits,
  quotasOf,
  type RequestRateLimits,
  requestRatesOf,
  runLimits,
  s3Problems,
  s3Settings,
  s3Variables,
  wholeNumber,
} from '#runtime';
import type { AllowedHost } from './addresses/allowed-hosts.js';
import { type AuthConfig, authConfig, authProblems, authVariables } from './auth-config.js';
import { allowedHosts, openingOf, reachProblems, reachVariables } from './reach-config.js';

/** The API's configuration, from the environment and the config file. A class, to be injected by it. */
export abstract class ApiConfig {
  abstract readonly host: string;
  abstract readonly port: number;
  /** How long open streams may continue after the stop signal, in milliseconds. */
  abstract readonly graceMs: number;
  abstract readonly databaseUrl: string;
  abstract readonly redisUrl: string | undefined;
  abstract readonly log: { readonly level: string; readonly pretty: boolean };
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
  /** `maxBytes` of one file; `linkSeconds`: how long a link to one is valid. */
  abstract readonly attachments: {
    readonly maxBytes: number;
    readonly linkSeconds: number;
    readonly quota: AttachmentQuota;
  };
  /** The address under which browsers reach this server; if absent, it is taken from each request. */
  abstract readonly publicUrl: string | undefined;
  /** Milliseconds without a frame after which a stream gets a comment; undefined for never. */
  abstract readonly heartbeatMs: number | undefined;
  /** Request headers that assistants may see. */
  abstract readonly contextHeaders: readonly string[];
  /** Secrets from which keys are derived; the first is in use, the others were. Empty: they are made and kept in Postgres. */
  abstract readonly secretsKeys: readonly string[];
  /** Enables the administrator's routes; if absent, there are none. */
  abstract readonly adminToken: string | undefined;
  abstract readonly limits: RunLimits;
  /** Requests a minute; absent where no limit is configured. */
  abstract readonly requestRates?: RequestRateLimits | undefined;
  /** What requests may hold, and how many may be open. */
  abstract readonly requestLimits: RequestLimits;
  /** For assistants that no worker has published yet. */
  abstract readonly doubleTexting: DoubleTexting;
}

const Variables = z.object({
  ...commonVariables,
  ...s3Variables,
  ...authVariables,
  ...reachVariables,
  PORT: wholeNumber(0, 65_535).default(8000),
  SHUTDOWN_GRACE_SECONDS: graceSeconds(5),
});

/** Reads the configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(env: Environment = process.env): ApiConfig {
  const { file, problems } = readConfigFile(env);
  const variables = parseEnvironment(Variables, env, (given) => [
    ...problems,
    ...startProblems(given, file.auth),
    ...s3Problems(given),
  ]);
  const auth = authConfig(variables, file.auth);
  const hasUsers = distinguishesUsers(auth.modes);
  return {
    host: variables.HOST,
    port: variables.PORT,
    graceMs: variables.SHUTDOWN_GRACE_SECONDS * 1_000,
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    log: { level: variables.LOG_LEVEL, pretty: process.stdout.isTTY && variables.NODE_ENV !== 'production' },
    auth,
    isSingleUser: !hasUsers,
    corsOrigins: [...new Set(variables.CORS_ORIGINS)],
    allowedHosts: allowedHosts(variables),
    openAt: hasUsers ? undefined : openingOf(variables)?.value,
    files: { dataDir: variables.DATA_DIR, s3: s3Settings(variables), direct: file.attachments.direct },
    attachments: { ...file.attachments, quota: attachmentQuota(file.attachments, hasUsers) },
    publicUrl: variables.PUBLIC_URL,
    heartbeatMs: file.heartbeat === false ? undefined : file.heartbeat.seconds * 1_000,
    contextHeaders: file.context.headers,
    secretsKeys: variables.SECRETS_KEY ?? [],
    adminToken: variables.ADMIN_TOKEN,
    requestLimits: requestLimits(file.limits, hasUsers),
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

/** For commands that need nothing else. Throws `ConfigError`. */
export const loadDatabaseUrl = (env: Environment = process.env): string =>
  parseEnvironment(z.object({ DATABASE_URL: commonVariables.DATABASE_URL }), env).DATABASE_URL;
