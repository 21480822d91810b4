import { z } from 'zod';
import {
  commonVariables,
  distinguishesUsers,
  type DoubleTexting,
  type Environment,
  parseEnvironment,
  readConfigFile,
  type RequestLimits,
  requestLimits,
  graceSeconds,
  type RunLimits,
  runLimits,
  wholeNumber,
} from '#runtime';
import { type AuthConfig, authConfig, authProblems, authVariables, list } from './auth-config.js';

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
  /** Origins that may call from a browser, besides our own. */
  abstract readonly corsOrigins: readonly string[];
  /** Where the bytes of attachments are stored. */
  abstract readonly dataDir: string;
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
  /** What requests may hold, and how many may be open. */
  abstract readonly requestLimits: RequestLimits;
  /** For assistants that no worker has published yet. */
  abstract readonly doubleTexting: DoubleTexting;
}

const Variables = z.object({
  ...commonVariables,
  ...authVariables,
  PORT: wholeNumber(0, 65_535).default(8000),
  SHUTDOWN_GRACE_SECONDS: graceSeconds(5),
  HOST: z.string().default('127.0.0.1'),
  CORS_ORIGINS: list.default([]),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' }).optional(),
});

/** Reads the configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(env: Environment = process.env): ApiConfig {
  const { file, problems } = readConfigFile(env);
  const variables = parseEnvironment(Variables, env, (given) => [...problems, ...authProblems(given, file.auth)]);
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
    corsOrigins: variables.CORS_ORIGINS,
    dataDir: variables.DATA_DIR,
    publicUrl: variables.PUBLIC_URL,
    heartbeatMs: file.heartbeat === false ? undefined : file.heartbeat.seconds * 1_000,
    contextHeaders: file.context.headers,
    secretsKeys: variables.SECRETS_KEY ?? [],
    adminToken: variables.ADMIN_TOKEN,
    limits: runLimits(file.limits, hasUsers),
    requestLimits: requestLimits(file.limits, hasUsers),
    doubleTexting: file.doubleTexting,
  };
}
