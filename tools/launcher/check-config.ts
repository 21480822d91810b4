import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The exit code for a wrong configuration: starting again would not help. */
export const CONFIG_ERROR = 78;

/** Stands for the database that is started where none is configured. */
const STARTED_DATABASE = 'postgresql://127.0.0.1/started';

/** `loadConfig` of an app. It throws a `ConfigError`. */
interface AppConfig {
  loadConfig: (env: NodeJS.ProcessEnv) => { readonly warnings: readonly string[] };
}

/** What stops the start, and what only may be wrong. */
export interface ConfigFindings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** What is wrong with the configuration of the API and of the worker, each mistake once. Nothing is started for it. */
export async function checkConfig(root: string, env: NodeJS.ProcessEnv): Promise<ConfigFindings> {
  const given = { ...env, DATABASE_URL: env.DATABASE_URL || STARTED_DATABASE };
  const found = await Promise.all(['api', 'worker'].map((app) => findingsOf(root, app, given)));
  return {
    problems: [...new Set(found.flatMap(({ problems }) => problems))],
    warnings: [...new Set(found.flatMap(({ warnings }) => warnings))],
  };
}

async function findingsOf(root: string, app: string, env: NodeJS.ProcessEnv): Promise<ConfigFindings> {
  const path = join(root, 'dist', 'apps', app, 'src', 'config.js');
  const { loadConfig } = (await import(pathToFileURL(path).href)) as AppConfig;
  try {
    return { problems: [], warnings: loadConfig(env).warnings };
  } catch (error) {
    if (error instanceof Error && 'problems' in error && 'warnings' in error) return error as Error & ConfigFindings;
    throw error;
  }
}

/** For a person at a terminal in lines; elsewhere as one JSON line, as the apps write it. */
export function configFailure({ problems, warnings }: ConfigFindings, isTerminal = process.stderr.isTTY): string {
  if (isTerminal) {
    return `The configuration is not valid:\n${[...problems, ...warnings].map((line) => `  - ${line}`).join('\n')}`;
  }
  const also = warnings.length > 0 && { warnings };
  return jsonLine(60, { problems, ...also, msg: 'the configuration is not valid' });
}

/** The same for what does not stop the start. */
export const configWarning = (warning: string, isTerminal = process.stdout.isTTY): string =>
  isTerminal ? `Warning: ${warning}` : jsonLine(40, { msg: warning });

const jsonLine = (level: number, fields: object): string =>
  JSON.stringify({ level, time: new Date().toISOString(), name: 'launcher', ...fields });
