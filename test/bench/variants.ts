import { join } from 'node:path';
import type { Child } from './child.js';
import type { Closers } from './closers.js';
import type { Roles } from './cpu.js';
import type { Target } from './messages.js';
import type { EngineKind, Options } from './options.js';
import { npmPeer, pythonPeer } from './peers/install.js';
import type { Seat, Variant } from './plan.js';
import { appOf, own, productEnvironment, type Start } from './processes.js';
import { openStores, type Stores } from './stores.js';

/** One instance of a variant, running. */
export interface Instance extends Seat {
  readonly target: Target;
  /** The processes whose CPU its turns cost, by role. */
  readonly roles: Roles;
  /** Whether it stores its threads, so that some can be read back. */
  readonly isStored: boolean;
}

type Opened = Omit<Instance, keyof Seat>;

/** What an instance is started with. */
export interface Place {
  readonly root: string;
  readonly scratch: string;
  readonly options: Options;
  readonly providerUrl: string;
  readonly start: Start;
  readonly closers: Closers;
  readonly storeNames: Set<string>;
}

/** How each is started. */
export const OPEN: Readonly<Record<Variant, (place: Place, name: string) => Promise<Opened>>> = {
  direct: async ({ providerUrl }) => ({
    target: { wire: 'openai', url: `${providerUrl}/chat/completions` },
    roles: {},
    isStored: false,
  }),
  inline: async ({ start, providerUrl, options }, name) => {
    const inline = await start({ name, script: own('inline'), args: [providerUrl], profile: options.profile });
    return { target: chatkit(inline), roles: { api: inline.pid }, isStored: false };
  },
  product: async (place, name) => {
    const { root, start, options, providerUrl } = place;
    const stores = await addStores(place, name, options.engine, root);
    const { profile } = options;
    const env = { ...productEnvironment(root, stores, providerUrl), DATA_DIR: join(place.scratch, name, 'data') };
    const worker = await start({ name: `${name}-worker`, script: appOf(root, 'worker'), env, profile });
    const api = await start({ name: `${name}-api`, script: appOf(root, 'api'), env, profile });
    return { target: chatkit(api), roles: { api: api.pid, worker: worker.pid, ...stores.roles }, isStored: true };
  },
  naive: async (place, name) => {
    const { start, providerUrl } = place;
    const stores = await addStores(place, name, 'redis', undefined);
    const addresses = [providerUrl, stores.redisUrl ?? '', stores.databaseUrl];
    const worker = await start({ name: `${name}-worker`, script: own('naive'), args: ['worker', ...addresses] });
    const api = await start({ name: `${name}-api`, script: own('naive'), args: ['api', ...addresses] });
    return { target: chatkit(api), roles: { api: api.pid, worker: worker.pid, ...stores.roles }, isStored: false };
  },
  npm: async ({ root, start, providerUrl }, name) => {
    const api = await start({ name, script: await npmPeer(root), args: [providerUrl] });
    return { target: chatkit(api), roles: { api: api.pid }, isStored: true };
  },
  python: async (place, name) => {
    const command = await pythonPeer(place.root);
    const stores = await addStores(place, name, 'postgres', undefined);
    const args = [...command, place.providerUrl, stores.databaseUrl];
    const api = await place.start({ name, script: own('peers/host'), args });
    return { target: chatkit(api), roles: { api: api.pid, ...stores.roles }, isStored: true };
  },
};

const chatkit = (child: Child): Target => ({ wire: 'chatkit', url: `${child.url}/chatkit` });

async function addStores(
  place: Place,
  name: string,
  engine: EngineKind,
  schemaOf: string | undefined,
): Promise<Stores> {
  const stores = await openStores(place.root, join(place.scratch, name, 'engines'), engine, schemaOf);
  await place.closers.add(() => stores.stop());
  for (const one of stores.names) place.storeNames.add(one);
  return stores;
}
