import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { duringSuite } from './during-suite.js';
import { createTestDatabase, type EngineKind, rowLevelSecurity, testRedisUrl } from './engines.js';
import { type AppProcess, startApp, type Variables } from './processes.js';

/** The product: API and worker processes over a database of their own. */
export interface Relay {
  /** Of the first API. */
  readonly url: string;
  readonly apis: readonly AppProcess[];
  readonly workers: AppProcess[];
  /** Environment of its processes. */
  readonly variables: Variables;
  /** `own`: variables of this worker only. */
  startWorker(own?: Variables): Promise<AppProcess>;
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export interface RelayOptions {
  readonly apis?: number;
  readonly workers?: number;
  /** Speaks OpenAI's format, and is the provider `openai`. */
  readonly provider?: { readonly url: string };
  readonly variables?: Variables;
  /** Of the database, such as its time zone. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A title's model call would take a script from the test. */
const NO_TITLES = fileURLToPath(new URL('relay.config.yaml', import.meta.url));

/** Header that names the user of a request, see `asUser`. */
export const USER_HEADER = 'x-test-user';

/** Starts the product on one of the two engines. One at a time in a test file: they would share its Redis database. */
export async function startRelay(engine: EngineKind, options: RelayOptions = {}): Promise<Relay> {
  const database = await createTestDatabase(options.settings);
  const variables: Variables = {
    DATABASE_URL: database.url,
    REDIS_URL: engine === 'redis' ? testRedisUrl() : undefined,
    HOST: '127.0.0.1',
    PORT: '0',
    ...authVariables(options.variables?.['AUTH_MODE']),
    CHATKIT_CONFIG: NO_TITLES,
    ...(rowLevelSecurity && { ROW_LEVEL_SECURITY: 'true' }),
    ...(options.provider && { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: options.provider.url }),
    ...options.variables,
  };
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  // The database is dropped while the pool may still hold a connection.
  pool.on('error', () => undefined);
  const [apis, workers] = await startTogether([
    startMany(options.apis ?? 1, () => startApp('api', variables)),
    startMany(options.workers ?? 1, () => startApp('worker', variables)),
  ]);
  return {
    url: String(apis[0]?.ready['url']),
    apis,
    workers,
    variables,
    async startWorker(own = {}) {
      const worker = await startApp('worker', { ...variables, ...own });
      workers.push(worker);
      return worker;
    },
    query: async (sql, values = []) => (await pool.query(sql, [...values])).rows,
    async stop() {
      await Promise.all([...apis, ...workers].map((app) => app.stop()));
      await pool.end();
      await database.drop();
    },
  };
}

/** Settings of a mode that is not in use are refused. */
const authVariables = (mode = 'trustedHeader'): Variables => ({
  AUTH_MODE: mode,
  ...(mode.includes('trustedHeader') && { AUTH_USER_HEADER: USER_HEADER }),
});

/** The product for the tests of a suite. Options that name what starts before it are given as a function. */
export const useRelay = (engine: EngineKind, options: RelayOptions | (() => RelayOptions) = {}): Relay =>
  duringSuite(
    () => startRelay(engine, typeof options === 'function' ? options() : options),
    (relay) => relay.stop(),
  );

function startMany(count: number, start: () => Promise<AppProcess>): Promise<AppProcess[]> {
  return Promise.all(Array.from({ length: count }, start));
}

/** All of them, or none: when one cannot start, the others are stopped. */
async function startTogether(groups: readonly [Promise<AppProcess[]>, Promise<AppProcess[]>]) {
  const settled = await Promise.allSettled(groups);
  const failure = settled.find((group) => group.status === 'rejected');
  if (!failure) return Promise.all(groups);
  const started = settled.flatMap((group) => (group.status === 'fulfilled' ? group.value : []));
  await Promise.all(started.map((app) => app.stop()));
  throw failure.reason;
}
