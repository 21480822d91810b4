import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { DatabaseClock } from './database-clock.js';
import { PrismaClient } from '../generated/prisma/client.js';

/** Runs queries: the pool, or the connection of a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;
/**
 * A process that freezes or loses its connection within a transaction holds its locks, and others wait for them, until
 * Postgres ends its session. Shorter than a lease, so that recovery does not wait either.
 */
export const IDLE_IN_TRANSACTION_MS = 5_000;

/**
 * Prisma's adapter reads and writes timestamps as if the session were in UTC, and the driver expects ISO dates: neither is up
 * to the database, its role or the machine that it runs on. Also for other connections of ours.
 */
export const SESSION_TIMES = `SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'`;

/**
 * Every statement finds few rows by an index. Postgres plans a statement once for each connection, perhaps while
 * its tables are still empty, and would otherwise scan them sequentially when they have grown.
 */
const SESSION = `
  ${SESSION_TIMES};
  SET idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
  SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off`;

/**
 * Postgres, two ways over one pool: Prisma for plain rows, SQL for decisions in one statement under the
 * database's own locks and clock (docs/decisions: sql-for-the-lifecycle).
 */
export class Database {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
  readonly clock = new DatabaseClock();

  constructor(url: string, options: { readonly maxConnections: number; readonly name: string }) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: options.maxConnections,
      application_name: options.name,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      // A connection that has gone dead reports nothing: without this its queries would wait for ever.
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
      // Not as parameters of the connection: poolers in front of Postgres refuse parameters that they do not know.
      // pg-pool waits for the promise, which its types do not mention.
      // oxlint-disable-next-line typescript/no-misused-promises
      onConnect: (client) => client.query(SESSION),
    });
    // The pool replaces an idle connection that breaks; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // The pool listens to idle connections only; without a listener, the end of this one would end the process.
    const onBroken = (error: Error): void => void (broken = error);
    client.on('error', onBroken);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.off('error', onBroken);
      client.release(broken);
    }
  }

  async ping(): Promise<void> {
    const { rows } = await this.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    if (rows[0]) this.clock.observe(rows[0].now);
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}
