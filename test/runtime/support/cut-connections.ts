import { Redis } from 'ioredis';
import pg from 'pg';
import { testRedisUrl } from '../../support/engines.js';
import type { EngineKind } from './world.js';

/** Cuts every connection to the file's own database on an engine, as an operator or a network would. */
export async function cutConnections(kind: EngineKind, databaseUrl: string): Promise<void> {
  await (kind === 'postgres' ? cutPostgres(databaseUrl) : cutRedis(testRedisUrl() ?? ''));
}

async function cutPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await client.end();
}

async function cutRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  const database = `db=${new URL(url).pathname.slice(1)} `;
  const own = `id=${await redis.client('ID')} `;
  const clients = String(await redis.client('LIST')).split('\n');
  for (const client of clients.filter((line) => line.includes(database) && !line.includes(own))) {
    await redis.client('KILL', 'ID', /id=(\d+)/.exec(client)?.[1] ?? '');
  }
  redis.disconnect();
}
