import { readFileSync } from 'node:fs';
import type { Environment } from './parse-environment.js';
import { VARIABLES } from './registry.js';
import type { Variable } from './variable.js';

const FILE = '_FILE';
const REGISTRY: Readonly<Record<string, Variable>> = VARIABLES;

/** Those of the registry, and the keys of providers. */
const isSecret = (name: string): boolean => REGISTRY[name]?.isSecret === true || /_API_KEY$|^HF_TOKEN$/.test(name);

/** Passwords that are given apart from their URLs, into which not every password fits as it is. */
const PASSWORDS: Readonly<Record<string, readonly string[]>> = {
  DATABASE_PASSWORD: ['DATABASE_URL', 'DATABASE_DIRECT_URL'],
  REDIS_PASSWORD: ['REDIS_URL'],
};

export interface ResolvedEnvironment {
  readonly env: Environment;
  /** What could not be read, is not read at all, or is said twice, in words. */
  readonly problems: readonly string[];
}

/**
 * The environment with its secrets where everything else expects them: the content of the file that `<NAME>_FILE` names, without the line
 * break at its end, as `<NAME>`, for every variable that is secret; and DATABASE_PASSWORD and REDIS_PASSWORD in their URLs. A value that is
 * given twice is a problem, for nobody would know which one holds, and so is a file for what a library reads from `process.env` itself.
 */
export function resolveSecrets(given: Environment): ResolvedEnvironment {
  const env: Record<string, string | undefined> = { ...given };
  return { problems: [...readFiles(env), ...insertPasswords(env)], env };
}

function readFiles(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([variable, path]) => {
    const name = variable.slice(0, -FILE.length);
    const isReadByLibrary = REGISTRY[name]?.isReadByLibrary === true;
    if (!variable.endsWith(FILE) || !path || !(isSecret(name) || isReadByLibrary)) return [];
    // Nothing else knows the name.
    delete env[variable];
    if (isReadByLibrary)
      return [`${variable}: is not read, because a library reads ${name} itself: set ${name} to the value`];
    if (env[name]) return [`${variable}: is set, and so is ${name}: remove one of them`];
    try {
      env[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      return [`${variable}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`];
    }
    return env[name] === '' ? [`${variable}: ${path} is empty`] : [];
  });
}

function insertPasswords(env: Record<string, string | undefined>): string[] {
  return Object.entries(PASSWORDS).flatMap(([variable, urls]) => {
    const password = env[variable];
    if (!password) return [];
    return urls.flatMap((name, index) => {
      const url = env[name];
      if (!url) return [];
      if (!hasPassword(url)) env[name] = withPassword(url, password);
      // The others may lead to a server with a password of its own.
      else if (index === 0) return [`${variable}: is set, and ${name} has a password, too: remove one of them`];
      return [];
    });
  });
}

/** Scheme and slashes, user, rest. */
const ADDRESS = /^([a-z]+:\/\/)(?:([^/@:]*)@)?([^@]*)$/i;

const hasPassword = (url: string): boolean => /^[a-z]+:\/\/[^/]*:[^/]*@/i.test(url);

const withPassword = (url: string, password: string): string =>
  url.replace(
    ADDRESS,
    (_, scheme: string, user: string | undefined, rest: string) =>
      `${scheme}${user ?? ''}:${encodeURIComponent(password)}@${rest}`,
  );
