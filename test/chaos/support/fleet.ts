import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProcess, spawn } from 'node:child_process';
import pg from 'pg';
import { createTestDatabase, type EngineKind } from '../../support/engines.js';
import { type AppProcess, startApp, type Variables } from '../../support/processes.js';
import { USER_HEADER } from '../../support/relay.js';
import { type NumberedProvider, startNumberedProvider } from './numbered-provider.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';
import { freePort } from '../../../tools/engines/free-port.js';

/** One process of the product with wires of its own to Postgres and Redis. */
export interface Member {
  app: AppProcess;
  readonly postgres: TcpProxy;
  readonly redis: TcpProxy | undefined;
  /** Ends the process by SIGKILL, unless it has ended, and starts another one on the same wires. */
  replace(): Promise<void>;
}

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
  const config = join(tmpdir(), `fleet-${process.pid}-${Date.now()}.yaml`);
  writeFileSync(config, `titles: false\n${options.config ?? ''}`);
  const variables: Variables = {
    HOST: '127.0.0.1',
    PORT: '0',
    AUTH_MODE: 'trustedHeader',
    AUTH_USER_HEADER: USER_HEADER,
    CHATKIT_CONFIG: config,
    OPENAI_BASE_URL: provider.url,
    OPENAI_MODEL: 'numbers',
    ...options.variables,
  };
  const start = (app: 'api' | 'worker') => startMember(app, variables, database.url, redis);
  const [apis, workers] = await Promise.all([
    Promise.all(Array.from({ length: options.apis ?? 2 }, () => start('api'))),
    Promise.all(Array.from({ length: options.workers ?? 3 }, () => start('worker'))),
  ]);
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined);
  const everyMember = (): Member[] => [...apis, ...workers];
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
    async stop() {
      for (const { app } of everyMember()) app.child.kill('SIGCONT');
      for (const { postgres, redis: wire } of everyMember()) {
        postgres.restore();
        wire?.restore();
      }
      await Promise.all(everyMember().map(({ app }) => app.stop()));
      await Promise.all(everyMember().flatMap(({ postgres, redis: wire }) => [postgres.close(), wire?.close()]));
      await Promise.all([pool.end(), provider.close(), redis?.kill()]);
      await database.drop();
    },
  };
}

async function startMember(
  kind: 'api' | 'worker',
  variables: Variables,
  databaseUrl: string,
  ownRedis: OwnRedis | undefined,
): Promise<Member> {
  const postgres = await startTcpProxy(Number(new URL(databaseUrl).port));
  const redis = ownRedis && (await startTcpProxy(ownRedis.port));
  const own: Variables = {
    ...variables,
    DATABASE_URL: withPort(databaseUrl, postgres.port),
    REDIS_URL: redis && `redis://127.0.0.1:${redis.port}`,
  };
  const member: Member = {
    app: await startApp(kind, own),
    postgres,
    redis,
    async replace() {
      await member.app.kill('SIGKILL');
      member.app = await startApp(kind, own);
    },
  };
  return member;
}

function withPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
}

/** A Redis that a test may kill, empty or change. */
export interface OwnRedis {
  readonly port: number;
  /** What `redis-cli` would be told; gives the first line of the answer. */
  command(...words: readonly string[]): Promise<string>;
  /** Several over one connection, such as a login before them; gives the first line of the last answer. */
  commands(...of: readonly (readonly string[])[]): Promise<string>;
  kill(): Promise<void>;
  /** After a kill; it comes back empty. */
  start(): Promise<void>;
}

async function startOwnRedis(): Promise<OwnRedis> {
  const port = await freePort();
  let child = await launchRedis(port);
  return {
    port,
    command: (...words) => redisCommands(port, [words]),
    commands: (...of) => redisCommands(port, of),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = await launchRedis(port);
    },
  };
}

async function launchRedis(port: number): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    redis.once('error', reject);
    redis.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    redis.stdout.on('data', (chunk: Buffer) => chunk.includes('Ready to accept connections') && resolve());
  });
  return redis;
}

async function redisCommands(port: number, commands: readonly (readonly string[])[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  let last = '';
  try {
    await once(socket, 'connect');
    for (const words of commands) {
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
      const [reply] = (await once(socket, 'data')) as [Buffer];
      last = reply.toString('utf8').split('\r\n', 1)[0] ?? '';
      if (last.startsWith('-')) throw new Error(`Redis refused ${words[0]}: ${last}`);
    }
    return last;
  } finally {
    socket.destroy();
  }
}
