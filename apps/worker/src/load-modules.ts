import { ConfigError } from '#runtime';
import { loadAssistants } from './assistants/load-assistants.js';
import { loadShowcase } from './assistants/showcase.js';
import type { WorkerConfig } from './config.js';
import { loadHooks } from './hooks/load-hooks.js';
import { loadProviders } from './providers/load-providers.js';

/** Loads the code that the config file names. Throws `ConfigError` with what is wrong with all of it. */
export async function loadModules(config: WorkerConfig) {
  const { file, providers, isShowcase } = config;
  const parts = [
    isShowcase ? loadShowcase() : loadAssistants(file),
    loadProviders(providers, config),
    loadHooks(file.hooks),
  ] as const;
  const problems = (await Promise.allSettled(parts)).flatMap(problemsOf);
  if (problems.length > 0) throw new ConfigError(problems);
  const [assistants, loadedProviders, hooks] = await Promise.all(parts);
  return { assistants, providers: loadedProviders, hooks };
}

function problemsOf(result: PromiseSettledResult<unknown>): readonly string[] {
  if (result.status === 'fulfilled') return [];
  if (result.reason instanceof ConfigError) return result.reason.problems;
  throw result.reason;
}
