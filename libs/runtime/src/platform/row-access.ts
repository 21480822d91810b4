import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { CallerQuery, forCaller, type RowOwner } from './caller-query.js';
import { PooledClient } from './pooled-client.js';
import { PrismaClient } from '../generated/prisma/client.js';

/** Runs statements: the pool, or the connection of a transaction. */
export interface Queryable {
  query<Row extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<Row>>;
}

/** Statements over the rows that somebody may see. */
export interface RowAccess extends Queryable {
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** By Prisma, a statement at a time: it opens no transaction. */
  prisma<T>(work: (prisma: PrismaClient) => PromiseLike<T>): Promise<T>;
}

/** The rows of everybody. */
export class SystemAccess implements RowAccess {
  constructor(
    private readonly pool: pg.Pool,
    private readonly scoped: ScopedPrisma,
  ) {}

  query<Row extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<Row>> {
    return this.pool.query<Row>(config);
  }

  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, (client) => client.query('BEGIN'), work);
  }

  prisma<T>(work: (prisma: PrismaClient) => PromiseLike<T>): Promise<T> {
    return this.scoped.within('system', work);
  }
}

/** The rows of one caller: Postgres itself shows and takes no others. */
export class CallerAccess implements RowAccess {
  constructor(
    private readonly pool: pg.Pool,
    private readonly scoped: ScopedPrisma,
    private readonly owner: RowOwner,
  ) {}

  query<Row extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<Row>> {
    return ofPool(this.pool, config, this.owner);
  }

  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return inTransaction(
      this.pool,
      (client) => ofClient(client, { text: 'BEGIN' }, this.owner),
      (client) => work({ query: (config) => client.query(forCaller(config)) }),
    );
  }

  prisma<T>(work: (prisma: PrismaClient) => PromiseLike<T>): Promise<T> {
    return this.scoped.within(this.owner, work);
  }
}

/** The types of the pool expect a stream where it returns a promise for every other submittable. */
const ofPool = <Row extends QueryResultRow>(pool: pg.Pool, config: QueryConfig, owner: RowOwner) =>
  pool.query(new CallerQuery(config, owner)) as unknown as Promise<QueryResult<Row>>;

const ofClient = (client: pg.ClientBase, config: QueryConfig, owner: RowOwner): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    client.query(new CallerQuery(config, owner, (error, result) => (error ? reject(error) : resolve(result))));
  });

async function inTransaction<T>(
  pool: pg.Pool,
  begin: (client: pg.PoolClient) => Promise<unknown>,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only; without a listener, the end of this one would end the process.
  const onBroken = (error: Error): void => void (broken = error);
  client.on('error', onBroken);
  try {
    await begin(client);
    if (client instanceof PooledClient) await client.limitTransaction();
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

type Scope = RowOwner | 'system';

/**
 * Prisma, whose client has no place for the caller of a statement: the asynchronous context has it until the statement reaches
 * the pool. Without one, and without row-level security, nothing is looked up.
 */
export class ScopedPrisma {
  readonly client: PrismaClient;
  private readonly scopes: AsyncLocalStorage<Scope> | undefined;

  constructor(
    pool: pg.Pool,
    { isScoped, schema }: { readonly isScoped: boolean; readonly schema: string | undefined },
  ) {
    this.scopes = isScoped ? new AsyncLocalStorage() : undefined;
    const adapter = new PrismaPg(this.scopes ? scopedPool(pool, this.scopes) : pool, schema ? { schema } : undefined);
    this.client = new PrismaClient({ adapter });
  }

  within<T>(scope: Scope, work: (prisma: PrismaClient) => PromiseLike<T>): Promise<T> {
    // Prisma sends its statement when `then` is called, so that must happen within the scope, too.
    const send = (): Promise<T> => new Promise((resolve, reject) => void work(this.client).then(resolve, reject));
    return this.scopes ? this.scopes.run(scope, send) : send();
  }
}

/** The same pool, as Prisma's adapter sees it. */
function scopedPool(pool: pg.Pool, scopes: AsyncLocalStorage<Scope>): pg.Pool {
  const query = (config: QueryConfig): Promise<QueryResult> => {
    const scope = scopes.getStore();
    if (scope === undefined) throw new Error('a statement of Prisma has neither a caller nor the system’s access');
    return scope === 'system' ? pool.query(config) : ofPool(pool, config, scope);
  };
  return Object.create(pool, { query: { value: query }, connect: { value: refuse } }) as pg.Pool;
}

function refuse(): never {
  throw new Error('a transaction of Prisma would have no caller');
}
