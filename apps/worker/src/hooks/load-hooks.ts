import { type CallHooks, defineHooks } from '#providers';
import { ConfigError } from '#runtime';
import { loadModule, moduleProblem } from '../module-loader/load-module.js';
import { loadReason } from '../module-loader/load-reason.js';

/** The hooks that the config file names. Throws `ConfigError` that names the file, why it cannot be used, and what to do. */
export async function loadHooks(path: string | undefined): Promise<CallHooks | undefined> {
  if (path === undefined) return undefined;
  try {
    return await load(path);
  } catch (error) {
    throw new ConfigError([(error as Error).message]);
  }
}

async function load(path: string): Promise<CallHooks> {
  const exported = await loadModule(
    { what: 'hooks', field: 'hooks', write: 'export default defineHooks({ … })' },
    path,
  );
  try {
    return defineHooks(exported);
  } catch (error) {
    throw moduleProblem('hooks', path, await loadReason(error, path), 'correct the definition');
  }
}
