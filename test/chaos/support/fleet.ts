import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { duringSuite } from '../../support/during-suite.js';
import { createTestDatabase, type EngineKind } from '../../support/engines.js';
import type { Variables } from '../../support/processes.js';
import { USER_HEADER } from '../../support/relay.js';
import { type Member, startMember } from './member.js';
import { type NumberedProvider, startNumberedProvider } from './numbered-provider.js';
import { type OwnRedis, startOwnRedis } from './own-redis.js';

/** The product as it runs in production, on engines that may be cut off or killed. */
export interface Fleet {
  readonly engine: EngineKind;
  readonly apis: Member[];
  readonly workers: Member[];
  readonly provider: NumberedProvider;
  /** Environment of a process that is to stand beside its members. */
  readonly variables: Variables;
  /** A Redis that belongs to this fleet alone; absent on the Postgres engine. */
  readonly redis: OwnRedis | undefined;
  /** Base URL of an API that is there, another one each time. */
  url(): string;
  everyMember(): Member[];
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly apis?: number;
  readonly workers?: number;
  readonly variables?: Variables;
  /** Lines of YAML beside the usual ones. */
  readonly config?: string;
}

export async function startFleet(engine: EngineKind, options: FleetOptions = {}): Promise<Fleet> {
  const [database, provider, redis] = await Promise.all([
    createTestDatabase(),
    startNumberedProvider(),
    engine === 'redis' ? startOwnRedis() : undefined,
  ]);
  const variables = variablesOf(provider, options);
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined);
  const apis: Member[] = [];
  const workers: Member[] = [];
  const everyMember = (): Member[] => [...apis, ...workers];
  const startInto = async (group: Member[], app: 'api' | 'worker'): Promise<void> =>
    void group.push(await startMember(app, variables, database.url, redis));
  const stop = async (): Promise<void> => {
    await Promise.all(everyMember().map((member) => member.stop()));
    await Promise.all([pool.end(), provider.close(), redis?.kill()]);
    await database.drop();
  };
  const started = await Promise.allSettled([
    ...Array.from({ length: options.apis ?? 2 }, () => startInto(apis, 'api')),
    ...Array.from({ length: options.workers ?? 3 }, () => startInto(workers, 'worker')),
  ]);
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  let next = 0;
  return {
    engine,
    apis,
    workers,
    provider,
    variables: { ...variables, DATABASE_URL: database.url, REDIS_URL: redis && `redis://127.0.0.1:${redis.port}` },
    redis,
    url: () => String(apis[next++ % apis.length]?.app.ready['url']),
    everyMember,
    query: async (sql, values = []) => (await pool.query(sql, [...values])).rows,
    stop,
  };
}

/** A fleet for the tests of a suite. */
export const useFleet = (engine: EngineKind, options: FleetOptions = {}): Fleet =>
  duringSuite(
    () => startFleet(engine, options),
    (fleet) => fleet.stop(),
  );

function variablesOf(provider: NumberedProvider, options: FleetOptions): Variables {
  const config = join(tmpdir(), `fleet-${process.pid}-${Date.now()}.yaml`);
  writeFileSync(config, `titles: false\n${options.config ?? ''}`);
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    AUTH_MODE: 'trustedHeader',
    AUTH_USER_HEADER: USER_HEADER,
    CHATKIT_CONFIG: config,
    OPENAI_BASE_URL: provider.url,
    OPENAI_MODEL: 'numbers',
    ...options.variables,
  };
}
