import type { z } from 'zod';
import { isServiceLink } from './service-links.js';

/** The exit code for a wrong configuration; the launcher does not restart the app after it. */
export const CONFIG_EXIT_CODE = 78;

/** All problems of an environment, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** `warnings`: what alone would not have stopped the start, and may be the cause. */
  constructor(
    readonly problems: readonly string[],
    readonly warnings: readonly string[] = [],
  ) {
    super(`The configuration is not valid:\n${[...problems, ...warnings].map((line) => `  - ${line}`).join('\n')}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads an app's variables by its own schema. An empty value counts as not set, as compose files write it, and so does what
 * Kubernetes sets for a service. `between` finds problems between several variables; it also runs when single ones are wrong,
 * so that everything is reported at once, `warnings` included.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  env: Environment,
  between: (given: Environment) => readonly string[] = () => [],
  warnings: readonly string[] = [],
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => value && !isServiceLink(name, value)));
  const parsed = schema.safeParse(given);
  const single = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const problems = [...single, ...between(given)];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ConfigError(problems, warnings);
}
