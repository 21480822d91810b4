import { readFileSync } from 'node:fs';
import { SetupError } from './setup-error.mjs';

/** @typedef {Record<string, string | undefined>} Environment */

/** @type {Readonly<Record<string, readonly string[]>>} */
const PASSWORDS = { DATABASE_PASSWORD: ['DATABASE_URL', 'DATABASE_DIRECT_URL'], REDIS_PASSWORD: ['REDIS_URL'] };

/**
 * Puts passwords of Postgres and Redis, and what is in files, into the URLs of an environment: for the launcher and for migrations, which run
 * before anything is built. The processes do the same with all of their secrets (libs/runtime/src/environment/secrets.ts), and one test
 * compares the two.
 * @param {Environment} env is changed
 */
export function resolveEngineSecrets(env) {
  for (const name of Object.entries(PASSWORDS).flat(2)) readFile(env, name);
  for (const [variable, [main, ...others]] of Object.entries(PASSWORDS)) {
    if (isWithoutUrl(env, variable)) continue;
    const password = env[variable];
    // The processes get the URLs from here, and would find both.
    delete env[variable];
    if (!password) continue;
    if (hasPassword(env[main]))
      throw new SetupError(`${variable}: is set, and ${main} has a password, too: remove one of them`);
    for (const name of [main, ...others]) {
      const url = env[name];
      if (url && !hasPassword(url)) env[name] = withPassword(url, password);
    }
  }
}

/**
 * A cluster, and what Sentinels know, have no URL: the processes take the password as it is.
 * @param {Environment} env
 * @param {string} variable
 */
const isWithoutUrl = (env, variable) =>
  variable === 'REDIS_PASSWORD' && !env.REDIS_URL && Boolean(env.REDIS_CLUSTER_NODES || env.REDIS_SENTINELS);

/**
 * @param {Environment} env
 * @param {string} name
 */
function readFile(env, name) {
  const variable = `${name}_FILE`;
  const path = env[variable];
  delete env[variable];
  if (!path) return;
  if (env[name]) throw new SetupError(`${variable}: is set, and so is ${name}: remove one of them`);
  try {
    env[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new SetupError(`${variable}: ${path} cannot be read (${error.code})`);
  }
  if (env[name] === '') throw new SetupError(`${variable}: ${path} is empty`);
}

/** @param {string | undefined} url */
const hasPassword = (url = '') => /^[a-z]+:\/\/[^/]*:[^/]*@/i.test(url);

/**
 * @param {string} url
 * @param {string} password
 */
const withPassword = (url, password) =>
  url.replace(
    /^([a-z]+:\/\/)(?:([^/@:]*)@)?([^@]*)$/i,
    (_whole, scheme, user = '', rest) => `${scheme}${user}:${encodeURIComponent(password)}@${rest}`,
  );
