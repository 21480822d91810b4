import { type AssistantDefinition, defineAssistant } from '#chatkit';
import { type AssistantConfig, ConfigError, type DoubleTexting, type RelayConfig } from '#runtime';
import { loadModule, moduleProblem } from '../module-loader/load-module.js';
import { loadReason } from '../module-loader/load-reason.js';
import { makeAssistant } from './assistant.js';
import { Assistants } from './assistants.js';

const DEFAULT_ID = 'default';

/**
 * The configured assistants, their modules loaded; without any, one that is only the default model. Throws
 * `ConfigError` that names each file that cannot be loaded, why, and what to do about it.
 */
export async function loadAssistants({ assistants, defaults, doubleTexting }: RelayConfig): Promise<Assistants> {
  const configs: readonly AssistantConfig[] = assistants.length > 0 ? assistants : [{ id: DEFAULT_ID }];
  const loaded = await Promise.allSettled(configs.map((config) => loadAssistant(config, doubleTexting)));
  const problems = loaded.flatMap((result) => (result.status === 'rejected' ? [String(result.reason.message)] : []));
  if (problems.length > 0) throw new ConfigError(problems);
  const all = loaded.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return new Assistants(all, defaults.assistant ?? configs[0]?.id ?? DEFAULT_ID);
}

async function loadAssistant({ id, module, ...configured }: AssistantConfig, doubleTexting: DoubleTexting) {
  const fromModule = module === undefined ? {} : await loadDefinition(id, module);
  return makeAssistant(id, { ...dropAbsent(configured), ...fromModule }, doubleTexting);
}

async function loadDefinition(id: string, path: string): Promise<AssistantDefinition> {
  const what = `assistant "${id}"`;
  const definition = await loadModule(
    { what, field: 'assistants[].module', write: 'export default defineAssistant({ … })' },
    path,
  );
  try {
    // A copy, so that what the module computes when it is read (`get instructions()`) fails here.
    return { ...defineAssistant(definition) };
  } catch (error) {
    throw moduleProblem(what, path, await loadReason(error, path), 'correct the definition');
  }
}

const dropAbsent = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
