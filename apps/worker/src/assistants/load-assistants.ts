import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type AssistantDefinition, defineAssistant } from '#chatkit';
import { type AssistantConfig, ConfigError, type RelayConfig } from '#runtime';
import { makeAssistant } from './assistant.js';
import { Assistants } from './assistants.js';
import { loadReason } from './load-reason.js';
import { allowOwnImports } from './own-imports.js';

const DEFAULT_ID = 'default';

/**
 * The configured assistants, their modules loaded; without any, one that is nothing but the default model. Throws
 * `ConfigError` that names each file that cannot be loaded, why, and what to do about it.
 */
export async function loadAssistants({ assistants, defaults }: RelayConfig): Promise<Assistants> {
  const configs: readonly AssistantConfig[] = assistants.length > 0 ? assistants : [{ id: DEFAULT_ID }];
  if (configs.some(({ module }) => module)) allowOwnImports();
  const loaded = await Promise.allSettled(configs.map(loadAssistant));
  const problems = loaded.flatMap((result) => (result.status === 'rejected' ? [String(result.reason.message)] : []));
  if (problems.length > 0) throw new ConfigError(problems);
  const all = loaded.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return new Assistants(all, defaults.assistant ?? configs[0]?.id ?? DEFAULT_ID);
}

async function loadAssistant({ id, module, ...configured }: AssistantConfig) {
  const fromModule = module === undefined ? {} : await loadModule(id, module);
  return makeAssistant(id, { ...dropAbsent(configured), ...fromModule });
}

async function loadModule(id: string, path: string): Promise<AssistantDefinition> {
  if (!existsSync(path))
    throw problem(id, path, 'there is no such file', 'check assistants[].module in the config file');
  const loaded = await import(pathToFileURL(path).href).catch(async (error: unknown) => {
    throw problem(
      id,
      path,
      await loadReason(error, path),
      'mend the file; its own imports must be installed where it lies',
    );
  });
  const definition: unknown = loaded.default;
  if (typeof definition !== 'object' || definition === null) {
    throw problem(id, path, 'it has no default export', 'write: export default defineAssistant({ … })');
  }
  try {
    return defineAssistant(definition);
  } catch (error) {
    throw problem(id, path, await loadReason(error, path), 'mend the definition');
  }
}

const problem = (id: string, path: string, reason: string, mend: string): Error =>
  new Error(`assistant "${id}": ${path} cannot be used: ${reason}. To mend it: ${mend}.`);

const dropAbsent = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
