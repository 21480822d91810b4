import { resolve } from 'node:path';
import { z } from 'zod';
import { AuthModes } from '../auth/auth-modes.js';

/** The exit code for a wrong configuration; the launcher does not restart the app after it. */
export const CONFIG_EXIT_CODE = 78;

/** All problems of an environment, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads an app's variables by its own schema. An empty value counts as not set, as compose files write it.
 * `between` finds problems between several variables; it also runs when single ones are wrong, so that
 * everything is reported at once.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  env: Environment,
  between: (given: Environment) => readonly string[] = () => [],
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  const single = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const problems = [...single, ...between(given)];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ConfigError(problems);
}

const postgresUrl = z
  .string({ error: 'is required: the URL of a Postgres database, postgresql://user:password@host:5432/name' })
  .regex(/^postgres(ql)?:\/\/./, 'must be a URL that begins with postgresql://');

const redisUrl = z.string().regex(/^rediss?:\/\/./, 'must be a URL that begins with redis:// or rediss://');

/** A whole number from the environment, with its bounds in the message. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);
}

/** How many seconds streams and answers may continue after a stop signal. */
export const graceSeconds = (byDefault: number) => wholeNumber(0, 3_600).default(byDefault);

/** The variables that every process of the product reads. */
export const commonVariables = {
  DATABASE_URL: postgresUrl,
  /** Absent: queue, run log and bus run on Postgres. */
  REDIS_URL: redisUrl.optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  NODE_ENV: z
    .enum(['development', 'production', 'test'], { error: 'must be one of development, production, test' })
    .default('development'),
  /** Absent: the value of the config file. */
  AUTH_MODE: AuthModes.optional(),
  /** The secret from which keys are derived: one, or several separated by commas, of which the first is in use. */
  SECRETS_KEY: z
    .string()
    .transform((value) => value.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every((entry) => /^[\x21-\x7e]{32,}$/.test(entry)), {
      error: 'must be at least 32 visible ASCII characters, without spaces; openssl rand -base64 32 makes one',
    })
    .optional(),
  /** This machine's data; it holds attachments, so all processes must share it. */
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((path) => resolve(path)),
};
