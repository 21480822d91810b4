import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.js';
import type { Roles } from './cpu.js';
import { type Target, USER_HEADER } from './messages.js';
import type { Options } from './options.js';
import type { Variant } from './plan.js';
import { openStores } from './stores.js';

/** Everything that takes part, running. */
export interface Stage {
  readonly client: Child;
  readonly provider: Child;
  readonly targets: Readonly<Record<Variant, Target>>;
  /** The processes whose CPU a variant's tokens cost, by role. */
  readonly roles: Readonly<Record<Variant, Roles>>;
  /** The processes of the bench itself. */
  readonly ownRoles: Roles;
  readonly storeNames: readonly string[];
  stop(): Promise<void>;
}

/** What of our own environment the product's processes may see. */
const PASSED_ON = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR', 'LOG_LEVEL', 'WORKER_CONCURRENCY'];

const own = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Starts every process; they stay for the whole bench, idle while it is not their turn. */
export async function openStage(root: string, scratch: string, options: Options): Promise<Stage> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  const start = async (init: Omit<Parameters<typeof Child.start>[0], 'logs'>): Promise<Child> => {
    const child = await Child.start({ ...init, logs: scratch });
    stops.push(() => child.stop());
    return child;
  };
  try {
    const fake = join(root, 'test', 'support', 'fake-provider.mjs');
    const provider = await start({ name: 'provider', script: own('provider'), args: [fake] });
    const { profile } = options;
    const inline = await start({ name: 'inline', script: own('inline'), args: [provider.url], profile });
    const stores = await openStores(root, scratch, options.engine);
    stops.push(() => stores.stop());
    const env = productEnvironment(stores, provider.url);
    const app = (name: string) => join(root, 'dist', 'apps', name, 'src', 'main.js');
    const worker = await start({ name: 'worker', script: app('worker'), env, profile });
    const api = await start({ name: 'api', script: app('api'), env, profile });
    const client = await start({ name: 'client', script: own('client') });
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
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function productEnvironment(
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
    CHATKIT_CONFIG: 'test/support/relay.config.yaml',
  };
}
