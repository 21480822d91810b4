import { join } from 'node:path';
import { App, type AppEvents } from './app.js';
import type { Connections } from './connect.js';

export interface Ready {
  url: string;
  providers: string[];
  defaultModel: string | undefined;
}

/** API and worker: two processes under one supervisor. */
export class Apps {
  readonly #api: App;
  readonly #worker: App;
  #facts: Partial<Ready> = {};
  #allReady: (ready: Ready) => void = () => undefined;
  /** Both have reported that they are ready, after one or more starts. */
  readonly ready = new Promise<Ready>((resolve) => (this.#allReady = resolve));

  constructor(
    root: string,
    env: NodeJS.ProcessEnv,
    events: Pick<AppEvents, 'failed' | 'say' | 'stopping'> & { started: (name: string, pid: number) => void },
  ) {
    const make = (name: string, folder: string, ready: AppEvents['ready']): App =>
      new App(
        { name, script: join(root, 'dist', 'apps', folder, 'src', 'main.js'), env },
        { ...events, ready, started: (pid) => events.started(name, pid) },
      );
    this.#api = make('API', 'api', ({ url }) => this.#gather({ url: String(url) }));
    this.#worker = make('worker', 'worker', (message) => this.#gather(workerFacts(message)));
  }

  start(): void {
    this.#api.start();
    this.#worker.start();
  }

  async restart(): Promise<void> {
    await Promise.all([this.#api.restart(), this.#worker.restart()]);
  }

  hurry(): void {
    this.#api.hurry();
    this.#worker.hurry();
  }

  /** The API first, so that no new requests arrive while the worker finishes. */
  async stop(): Promise<void> {
    this.#worker.letDie();
    await this.#api.stop();
    await this.#worker.stop();
  }

  #gather(facts: Partial<Ready>): void {
    this.#facts = { ...this.#facts, ...facts };
    const { url, providers, defaultModel } = this.#facts;
    if (url && providers) this.#allReady({ url, providers, defaultModel });
  }
}

/** The environment of the apps: ours, with the connections that were found or started. */
export function appEnvironment(
  env: NodeJS.ProcessEnv,
  dataDir: string,
  { databaseUrl, redisUrl }: Connections,
): NodeJS.ProcessEnv {
  const { REDIS_URL: _, ...rest } = env;
  return { ...rest, DATA_DIR: dataDir, DATABASE_URL: databaseUrl, ...(redisUrl && { REDIS_URL: redisUrl }) };
}

function workerFacts({ providers, defaultModel }: Record<string, unknown>): Omit<Ready, 'url'> {
  return {
    providers: Array.isArray(providers) ? providers.map(String) : [],
    defaultModel: typeof defaultModel === 'string' ? defaultModel : undefined,
  };
}
