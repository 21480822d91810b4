import { isIP } from 'node:net';
import { z } from 'zod';
import {
  commonVariables,
  type DoubleTexting,
  type Environment,
  parseEnvironment,
  readConfigFile,
  type RelayConfig,
  graceSeconds,
  type RunLimits,
  runLimits,
  wholeNumber,
} from '#runtime';

/** How requests are authenticated. */
export type AuthConfig =
  | { readonly mode: 'none' }
  | {
      readonly mode: 'trustedHeader';
      /** Lower case. */
      readonly userHeader: string;
      /** Addresses or networks that are trusted, besides loopback. */
      readonly proxies: readonly string[];
    };

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
  /** Enables the administrator's routes; if absent, there are none. */
  abstract readonly adminToken: string | undefined;
  abstract readonly limits: RunLimits;
  /** For assistants that no worker has published yet. */
  abstract readonly doubleTexting: DoubleTexting;
}

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

const Variables = z.object({
  ...commonVariables,
  PORT: wholeNumber(0, 65_535).default(8000),
  SHUTDOWN_GRACE_SECONDS: graceSeconds(5),
  HOST: z.string().default('127.0.0.1'),
  CORS_ORIGINS: list.default([]),
  AUTH_USER_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be a header name')
    .transform((name) => name.toLowerCase())
    .optional(),
  AUTH_TRUSTED_PROXIES: list
    .refine((entries) => entries.every(isPeer), 'must be addresses or networks, separated by commas: 10.0.0.0/8, ::1')
    .default([]),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' }).optional(),
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible ASCII characters, without spaces')
    .optional(),
});

/** Reads the configuration. Throws `ConfigError` with everything that is wrong. */
export function loadConfig(env: Environment = process.env): ApiConfig {
  const { file, problems } = readConfigFile(env);
  const variables = parseEnvironment(Variables, env, (given) => [...problems, ...authProblems(given, file)]);
  const auth = authConfig(variables, file);
  return {
    host: variables.HOST,
    port: variables.PORT,
    graceMs: variables.SHUTDOWN_GRACE_SECONDS * 1_000,
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    log: { level: variables.LOG_LEVEL, pretty: process.stdout.isTTY && variables.NODE_ENV !== 'production' },
    auth,
    isSingleUser: auth.mode === 'none',
    corsOrigins: variables.CORS_ORIGINS,
    dataDir: variables.DATA_DIR,
    publicUrl: variables.PUBLIC_URL,
    heartbeatMs: file.heartbeat === false ? undefined : file.heartbeat.seconds * 1_000,
    contextHeaders: file.context.headers,
    adminToken: variables.ADMIN_TOKEN,
    limits: runLimits(file.limits, auth.mode !== 'none'),
    doubleTexting: file.doubleTexting,
  };
}

/** The environment takes precedence over the file, each as a whole. */
function authConfig(variables: z.output<typeof Variables>, { auth }: RelayConfig): AuthConfig {
  const mode = variables.AUTH_MODE ?? auth?.mode ?? 'none';
  if (mode === 'none') return { mode };
  return {
    mode,
    userHeader: variables.AUTH_USER_HEADER ?? auth?.userHeader ?? '',
    proxies: variables.AUTH_TRUSTED_PROXIES,
  };
}

function authProblems({ AUTH_MODE, AUTH_USER_HEADER }: Environment, { auth }: RelayConfig): string[] {
  if (AUTH_MODE !== 'trustedHeader' || AUTH_USER_HEADER || auth?.userHeader) return [];
  return ['AUTH_USER_HEADER: is required with AUTH_MODE=trustedHeader: the header that names the user'];
}

/** Whether an entry is an address, or a network as `address/bits`. */
function isPeer(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
