import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';

/** File types of modules. */
const SOURCE = /\.([cm]?[jt]s|json|ya?ml|widget|proto)$/;
const NOT_THEIRS = new Set(['node_modules', 'dist']);

/**
 * Names, sizes and times of the config file and of everything beside the modules that it names; changes with each edit.
 * The workers check their contents, so a file that cannot be read yet is no error here.
 */
export function assistantSourcesState(env: NodeJS.ProcessEnv, cwd: string): string {
  const config = resolve(cwd, env.CHATKIT_CONFIG || 'chatkit.config.yaml');
  const folders = new Set(modulesOf(config).map((module) => dirname(resolve(dirname(config), module))));
  return [stateOf(config), ...[...folders].flatMap(filesIn)].join('\n');
}

/** An assistant, a provider, or authentication. */
interface Entry {
  readonly module?: unknown;
}

interface Config {
  readonly assistants?: readonly Entry[];
  readonly providers?: readonly Entry[];
  readonly auth?: Entry;
  readonly hooks?: unknown;
}

function modulesOf(config: string): string[] {
  try {
    const { assistants = [], providers = [], auth, hooks } = parse(readFileSync(config, 'utf8')) as Config;
    const named = [...assistants.map(({ module }) => module), ...providers.map(({ module }) => module), auth?.module];
    return [...named, hooks].filter((module) => typeof module === 'string');
  } catch {
    return [];
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith('.') || NOT_THEIRS.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(path);
      return SOURCE.test(entry.name) ? [stateOf(path)] : [];
    });
  } catch {
    return [];
  }
}

function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${path} ${stat?.size} ${stat?.mtimeMs}`;
}
