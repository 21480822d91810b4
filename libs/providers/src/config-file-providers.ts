import * as z from 'zod';
import { kindOf } from './adapters/kinds.js';
import { providersFromEnvironment } from './environment.js';
import { ProviderConfig, type ProviderConfigInput } from './provider-config.js';

/** Entries of a config file as they were written. */
type Entry = Readonly<Record<string, unknown>>;

/**
 * The providers of a config file, and those that the environment enables in addition. An entry without a key or base URL
 * takes it from the provider's variables; one that names a module is of kind `module`; without any provider there is demo.
 * `problems` are those of variables, `issues` those of entries, in the words of `words` where a schema has none.
 */
export function providersOf(
  entries: readonly Entry[],
  env: Readonly<Record<string, string | undefined>>,
  words?: z.core.$ZodErrorMap,
): {
  readonly configs: readonly ProviderConfigInput[];
  readonly problems: readonly string[];
  readonly issues: readonly z.core.$ZodIssue[];
} {
  const problems: string[] = [];
  const issues: z.core.$ZodIssue[] = [];
  const fromEnvironment = tryEnvironment(env, problems);
  const configs = entries.flatMap((entry, index) => {
    const known = fromEnvironment.find(({ id, kind }) => kind === entry['kind'] && id === (entry['id'] ?? kind));
    const implied = 'module' in entry && { kind: 'module' };
    const parsed = ProviderConfig.safeParse({ ...implied, ...shared(known, entry), ...entry }, { error: words });
    if (parsed.success) return [parsed.data];
    issues.push(...parsed.error.issues.map((issue) => ({ ...issue, path: ['providers', index, ...issue.path] })));
    return [];
  });
  const ids = new Set(configs.map(({ id }) => id));
  const more = fromEnvironment.filter(({ id, kind }) => !ids.has(id) && (kind !== 'demo' || configs.length === 0));
  return { configs: [...configs, ...more], problems, issues };
}

function tryEnvironment(env: Readonly<Record<string, string | undefined>>, problems: string[]): ProviderConfig[] {
  try {
    return providersFromEnvironment(env);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    problems.push(...error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
    return [];
  }
}

/** What variables say of a provider, and its entry does not. */
function shared(known: ProviderConfig | undefined, entry: Entry): Entry {
  if (!known) return {};
  const { names: fromVariables = {}, authentication = [] } = kindOf(known).variables ?? {};
  const ways = ['apiKey', 'apiKeys', ...authentication];
  const isSaid = (field: string): boolean =>
    field in entry || (ways.includes(field) && ways.some((way) => way in entry));
  return Object.fromEntries(
    Object.entries(known).filter(
      ([field, value]) => Object.hasOwn(fromVariables, field) && value !== undefined && !isSaid(field),
    ),
  );
}
