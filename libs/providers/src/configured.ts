import * as z from 'zod';
import { ProviderConfig, type ProviderConfigInput } from './config.js';
import { providersFromEnvironment } from './environment.js';

/** Entries of a config file as they were written. */
type Entry = Readonly<Record<string, unknown>>;

/**
 * The providers of a config file, and those that the environment enables beside them. An entry that leaves out what a
 * variable says (key, base URL) takes it from there; demo stands in when there is nothing else.
 */
export function providersOf(
  entries: readonly Entry[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly configs: readonly ProviderConfigInput[]; readonly problems: readonly string[] } {
  const fromEnvironment = providersFromEnvironment(env);
  const problems: string[] = [];
  const configs = entries.flatMap((entry, index) => {
    const known = fromEnvironment.find(({ id }) => id === (entry['id'] ?? entry['kind']));
    const parsed = ProviderConfig.safeParse({ ...shared(known), ...entry });
    if (parsed.success) return [parsed.data];
    problems.push(...problemsOf(parsed.error, `providers[${index}]`));
    return [];
  });
  const ids = new Set(configs.map(({ id }) => id));
  const more = fromEnvironment.filter(({ id, kind }) => !ids.has(id) && (kind !== 'demo' || configs.length === 0));
  return { configs: [...configs, ...more], problems };
}

/** What a variable can say of a provider. */
function shared(known: ProviderConfig | undefined): Entry {
  if (!known || known.kind === 'demo') return {};
  const { apiKey, baseUrl } = known;
  return { ...(apiKey && { apiKey }), baseUrl };
}

const problemsOf = (error: z.ZodError, where: string): string[] =>
  error.issues.map(({ path, message }) => `${[where, ...path].join('.')}: ${message}`);
