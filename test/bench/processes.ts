import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, type ChildInit } from './child.js';
import type { Closers } from './closers.js';
import type { LoadMakers } from './load.js';
import { USER_HEADER } from './messages.js';

/** What of our own environment the product's processes may see. */
const PASSED_ON = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR', 'LOG_LEVEL', 'WORKER_CONCURRENCY'];

/** A script of the bench. */
export const own = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

export type Start = (init: Omit<ChildInit, 'logs'>) => Promise<Child>;

/** Starts children that print into the scratch folder and end with the bench. */
export function starter(scratch: string, closers: Closers): Start {
  return async (init) => {
    const child = await Child.start({ ...init, logs: scratch });
    await closers.add(() => child.stop());
    return child;
  };
}

export async function startLoadMakers(root: string, start: Start): Promise<LoadMakers> {
  const fake = join(root, 'test', 'support', 'fake-provider.mjs');
  const provider = await start({ name: 'provider', script: own('provider'), args: [fake] });
  return { provider, client: await start({ name: 'client', script: own('client') }) };
}

/** A built app of a checkout. */
export const appOf = (root: string, name: string): string => join(root, 'dist', 'apps', name, 'src', 'main.js');

/** What a process of the product, of whatever checkout, is given. The config file is that of `root`. */
export function productEnvironment(
  root: string,
  stores: { readonly databaseUrl: string; readonly redisUrl: string | undefined },
  providerUrl: string,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    AUTH_MODE: 'trustedHeader',
    AUTH_USER_HEADER: USER_HEADER,
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: providerUrl,
    // A title is a model call of its own; a turn is measured without it.
    CHATKIT_CONFIG: join(root, 'test', 'support', 'relay.config.yaml'),
  };
}
