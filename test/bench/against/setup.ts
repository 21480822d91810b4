import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { Child } from '../child.js';
import { Closers } from '../closers.js';
import type { LoadMakers } from '../load.js';
import type { EngineKind, Options } from '../options.js';
import { appOf, productEnvironment, type Start, starter, startLoadMakers } from '../processes.js';
import { openStores, type Stores } from '../stores.js';
import type { Build } from './builds.js';
import { type Side, SIDES } from './plan.js';

/** The engines of one side, which run all the time, and what its apps are started with. */
export interface SideSetup {
  readonly build: Build;
  readonly stores: Stores;
  readonly env: NodeJS.ProcessEnv;
  /** For questions of our own. */
  readonly redis: Redis | undefined;
}

export interface Setup extends LoadMakers {
  readonly sides: Readonly<Record<Side, SideSetup>>;
  readonly start: Start;
  readonly closers: Closers;
  readonly profile: string | undefined;
}

/** API and worker of one side, ready. */
export interface Apps {
  readonly stores: Stores;
  readonly redis: Redis | undefined;
  readonly api: Child;
  readonly worker: Child;
  stop(): Promise<void>;
}

interface Place {
  readonly root: string;
  readonly scratch: string;
  readonly engine: EngineKind;
  readonly providerUrl: string;
}

/** A module that counts work; see there. */
export const COUNTING = fileURLToPath(new URL('../counting.js', import.meta.url));

/** Starts engines for every side that is wanted, so that no side does another one's work, and one provider and one client for all. */
export async function openSetup(
  root: string,
  scratch: string,
  { engine, profile, set }: Options,
  builds: Readonly<Record<Side, Build>>,
  closers: Closers,
  wanted: readonly Side[] = SIDES,
): Promise<Setup> {
  const start = starter(scratch, closers);
  const makers = await startLoadMakers(root, start);
  const place = { root, scratch, engine, providerUrl: makers.provider.url };
  const settings = { this: {}, other: set, control: {} };
  const sides: Partial<Record<Side, SideSetup>> = {};
  for (const side of wanted) sides[side] = await openSide(place, side, builds[side], settings[side], closers);
  return { ...makers, sides: sides as Record<Side, SideSetup>, start, closers, profile };
}

async function openSide(
  place: Place,
  side: Side,
  build: Build,
  settings: Readonly<Record<string, string>>,
  closers: Closers,
): Promise<SideSetup> {
  const folder = join(place.scratch, side);
  const stores = await openStores(place.root, join(folder, 'engines'), place.engine, build.root);
  await closers.add(() => stores.stop());
  const redis = stores.redisUrl === undefined ? undefined : new Redis(stores.redisUrl);
  await closers.add(async () => redis?.disconnect());
  const env = {
    ...productEnvironment(place.root, stores, place.providerUrl),
    DATA_DIR: join(folder, 'data'),
    ...settings,
  };
  return { build, stores, env, redis };
}

export interface Extras {
  /** A module that both load before their own code; they write no profile then. */
  readonly preload?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export async function startApps(setup: Setup, side: Side, { preload, env: more }: Extras = {}): Promise<Apps> {
  const { build, stores, env, redis } = setup.sides[side];
  const start = (app: string): Promise<Child> =>
    setup.start({
      name: `${side}-${app}`,
      script: appOf(build.root, app),
      cwd: build.root,
      env: { ...env, ...more },
      profile: preload ? undefined : setup.profile,
      preload,
    });
  const worker = await start('worker');
  const api = await start('api');
  return { api, worker, stores, redis, stop: () => Promise.all([api.stop(), worker.stop()]).then(() => undefined) };
}

/** All sides, started in this order, for as long as `use` takes. */
export async function withApps<T>(
  setup: Setup,
  order: readonly Side[],
  isCounted: boolean,
  use: (apps: Readonly<Record<Side, Apps>>) => Promise<T>,
): Promise<T> {
  const apps: Partial<Record<Side, Apps>> = {};
  for (const side of order) apps[side] = await startApps(setup, side, isCounted ? { preload: COUNTING } : {});
  const result = await use(apps as Record<Side, Apps>);
  for (const side of order) await apps[side]?.stop();
  return result;
}
