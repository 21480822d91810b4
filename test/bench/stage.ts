import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, type ChildInit } from './child.js';
import type { Closers } from './closers.js';
import type { Roles } from './cpu.js';
import type { LoadMakers } from './load.js';
import { type Target, USER_HEADER } from './messages.js';
import type { Options } from './options.js';
import type { Variant } from './plan.js';
import { openStores } from './stores.js';

/** Everything that takes part, running. */
export interface Stage extends LoadMakers {
  readonly targets: Readonly<Record<Variant, Target>>;
  /** The processes whose CPU a variant's tokens cost, by role. */
  readonly roles: Readonly<Record<Variant, Roles>>;
  /** The processes of the bench itself. */
  readonly ownRoles: Roles;
  readonly storeNames: readonly string[];
}

/** What of our own environment the product's processes may see. */
const PASSED_ON = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR', 'LOG_LEVEL', 'WORKER_CONCURRENCY'];

const own = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Starts every process; they stay for the whole bench, idle while it is not their turn. */
export async function openStage(root: string, scratch: string, options: Options, closers: Closers): Promise<Stage> {
  const start = starter(scratch, closers);
  const { client, provider } = await startLoadMakers(root, start);
  const { profile } = options;
  const inline = await start({ name: 'inline', script: own('inline'), args: [provider.url], profile });
  const stores = await openStores(root, scratch, options.engine);
  await closers.add(() => stores.stop());
  const env = productEnvironment(root, stores, provider.url);
  const app = (name: string) => appOf(root, name);
  const worker = await start({ name: 'worker', script: app('worker'), env, profile });
  const api = await start({ name: 'api', script: app('api'), env, profile });
  return {
    client,
    provider,
    targets: {
      direct: { wire: 'openai', url: `${provider.url}/chat/completions` },
      inline: { wire: 'chatkit', url: `${inline.url}/chatkit` },
      product: { wire: 'chatkit', url: `${api.url}/chatkit` },
    },
    roles: {
      direct: {},
      inline: { api: inline.pid },
      product: { api: api.pid, worker: worker.pid, ...stores.roles },
    },
    ownRoles: { client: client.pid, provider: provider.pid },
    storeNames: stores.names,
  };
}

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
