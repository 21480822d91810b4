import pg from 'pg';
import type { SideSetup } from '../against/setup.js';
import type { Parts } from '../against/tally.js';
import type { HELD_LIMITS } from './limits.js';

/** What the engines hold and have written. Of Redis: without what its connections take. */
export async function readHeld({ stores, redis }: SideSetup): Promise<Parts> {
  const memory = /used_memory_dataset:(\d+)/.exec((await redis?.info('memory')) ?? '')?.[1];
  const client = new pg.Client({ connectionString: stores.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(`SELECT pg_current_wal_lsn() - '0/0' AS bytes`);
  await client.end();
  return {
    'bytes of Redis held a turn': Number(memory),
    'bytes of WAL a turn': Number(rows[0]?.bytes),
  } satisfies Record<keyof typeof HELD_LIMITS, number>;
}
