import pg, { type QueryConfig, type QueryResult } from 'pg';
import { prepareScope, type RowOwner } from './caller-query.js';
import { checkAddress } from './database-address.js';
import { schemaOf } from '../environment/schema-of.js';
import { DatabaseClock } from './database-clock.js';
import { type CallerValues, ManyCallersQuery, resultsOf } from './many-callers-query.js';
import { PooledClient } from './pooled-client.js';
import { enforceRowLevelSecurity } from './row-level-security.js';
import { SESSION, SESSION_TIMES } from './session.js';
import { CallerAccess, type RowAccess, ScopedPrisma, SystemAccess } from './row-access.js';
import type { PrismaClient } from '../generated/prisma/client.js';

export type { RowOwner } from './caller-query.js';
export type { Queryable, RowAccess } from './row-access.js';

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;
export interface DatabaseOptions {
  readonly maxConnections: number;
  /** Of the connections, in Postgres. */
  readonly name: string;
  readonly rowLevelSecurity?: boolean | undefined;
  /** The URL leads to a pooler that gives connections away after each transaction. */
  readonly isPooled?: boolean | undefined;
}

/**
 * Postgres, two ways over one pool: Prisma for plain rows, SQL for decisions in one statement under the
 * database's own locks and clock (docs/decisions: sql-for-the-lifecycle). With row-level security, what is done {@link of} a
 * caller finds and writes rows of this caller only, whatever the statement says (docs/decisions: row-level-security).
 */
export class Database {
  /** The connections. Statements go through {@link of} or {@link system}. */
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
  readonly clock = new DatabaseClock();
  /**
   * The rows of everybody: for what has no caller (recovery, retention, personal data, administration, keys) and for statements
   * about several callers at once (a worker's batches, the order of the queue). `test/runtime/row-level-security.test.ts` lists who
   * uses it, and why.
   */
  readonly system: RowAccess;
  private readonly scoped: ScopedPrisma;
  private readonly isScoped: boolean;

  constructor(
    private readonly url: string,
    private readonly options: DatabaseOptions,
  ) {
    const { maxConnections, name, rowLevelSecurity = false, isPooled } = options;
    this.isScoped = rowLevelSecurity;
    this.pool = new pg.Pool({
      connectionString: url,
      max: maxConnections,
      application_name: name,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      // A connection that has gone dead reports nothing: without this its queries would wait for ever.
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
      ...(isPooled && { Client: PooledClient }),
      // Not as parameters of the connection: poolers in front of Postgres refuse parameters that they do not know.
      // pg-pool waits for the promise, which its types do not mention.
      // oxlint-disable-next-line typescript/no-misused-promises
      onConnect: (client) => this.prepare(client),
    });
    // The pool replaces an idle connection that breaks; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    this.scoped = new ScopedPrisma(this.pool, { isScoped: rowLevelSecurity, schema: schemaOf(url) });
    this.prisma = this.scoped.client;
    this.system = new SystemAccess(this.pool, this.scoped);
  }

  /** Connects. Throws `ConfigError` where the address cannot be used like this, or row-level security would not hold. */
  static async open(url: string, options: DatabaseOptions): Promise<Database> {
    const database = new Database(url, options);
    try {
      await checkAddress(database.system, url, options.isPooled);
      if (options.rowLevelSecurity) await enforceRowLevelSecurity(database);
      await database.ping();
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** The rows of one caller. */
  of({ tenantId, userId }: RowOwner): RowAccess {
    return this.isScoped ? new CallerAccess(this.pool, this.scoped, { tenantId, userId }) : this.system;
  }

  /** Whether statements of several callers can be sent together: behind a pooler they cannot, as none is prepared there. */
  get canJoin(): boolean {
    return this.options.isPooled !== true;
  }

  /** One prepared statement with the values of several callers: all or none of them, in one round trip. */
  async ofMany(config: QueryConfig, callers: readonly CallerValues[]): Promise<readonly QueryResult[]> {
    const query = new ManyCallersQuery(config, callers, this.isScoped);
    // The types of the pool expect a stream where it returns a promise for every other submittable.
    return resultsOf(await (this.pool.query(query) as unknown as Promise<QueryResult | QueryResult[]>));
  }

  /** The rows of a whole tenant that are no user's. */
  ofTenant(tenantId: string): RowAccess {
    return this.of({ tenantId, userId: '' });
  }

  async ping(): Promise<void> {
    const { rows } = await this.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    if (rows[0]) this.clock.observe(rows[0].now);
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }

  private async prepare(client: pg.ClientBase): Promise<void> {
    // Settings that a pooler does not carry along would stay on a connection that others get.
    if (this.options.isPooled) return void (await client.query(SESSION_TIMES));
    const schema = schemaOf(this.url);
    const searchPath = schema === undefined ? '' : `; SET search_path = ${pg.escapeIdentifier(schema)}`;
    await client.query(SESSION + searchPath);
    if (this.isScoped) await prepareScope(client);
  }
}
