import { ZodError } from 'zod';
import {
  createProviders,
  isProviderModule,
  type Provider,
  type ProviderConfigInput,
  type ProviderModule,
  type CreateProvidersOptions,
} from '#providers';
import { ConfigError } from '#runtime';
import { loadModule, moduleProblem } from '../module-loader/load-module.js';

/**
 * The configured providers, their modules loaded. Throws `ConfigError` that names each file that cannot be loaded and each
 * entry that its module refuses, why, and what to do about it.
 */
export async function loadProviders(
  configs: readonly ProviderConfigInput[],
  options: CreateProvidersOptions,
): Promise<readonly Provider[]> {
  const loaded = await Promise.allSettled(configs.map((config) => loadProvider(config, options)));
  const problems = loaded.flatMap((result) => (result.status === 'rejected' ? [String(result.reason.message)] : []));
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
}

async function loadProvider(config: ProviderConfigInput, options: CreateProvidersOptions): Promise<Provider[]> {
  if (config.kind !== 'module') return createProviders([config], undefined, options);
  const { module: path } = config;
  const what = `provider "${config.id}"`;
  const module = await loadProviderModule(what, path);
  try {
    return createProviders([config], new Map([[path, module]]), options);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const reason = error.issues
      .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
      .join('; ');
    throw moduleProblem(what, path, reason, 'correct the entry of providers[] in the config file');
  }
}

const WRITE = 'export default defineProvider({ … })';

async function loadProviderModule(what: string, path: string): Promise<ProviderModule> {
  const exported = await loadModule({ what, field: 'providers[].module', write: WRITE }, path);
  if (isProviderModule(exported)) return exported;
  throw moduleProblem(what, path, 'its default export is not a provider', `write: ${WRITE}`);
}
