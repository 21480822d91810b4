import { ConfigError } from '../environment/parse-environment.js';
import { isTransactionPooler } from './is-transaction-pooler.js';
import { schemaOf } from '../environment/schema-of.js';
import type { RowAccess } from './row-access.js';
import { nullable, query, text, unprepared } from './statement.js';

/** Where Postgres is. */
export interface DatabaseAddress {
  readonly databaseUrl: string;
  /** Of Postgres itself, where `databaseUrl` leads to a pooler that gives connections away after each transaction. */
  readonly directDatabaseUrl?: string | undefined;
}

/** For what belongs to a connection and outlives a transaction: LISTEN, BullMQ's queue, migrations. */
export const directUrlOf = ({ databaseUrl, directDatabaseUrl }: DatabaseAddress): string =>
  directDatabaseUrl ?? databaseUrl;

export const isPooled = ({ databaseUrl, directDatabaseUrl }: DatabaseAddress): boolean =>
  directDatabaseUrl !== undefined && directDatabaseUrl !== databaseUrl;

const CURRENT_SCHEMA = unprepared('current-schema', 'SELECT current_schema()::text AS name', {
  name: nullable(text()),
});

/** Throws `ConfigError` where statements would fail later, some of them only under load. */
export async function checkAddress(system: RowAccess, url: string, pooled = false): Promise<void> {
  if (!pooled) {
    if (await isTransactionPooler(url)) throw new ConfigError([POOLER_UNKNOWN]);
    return;
  }
  const schema = schemaOf(url);
  if (schema === undefined) return;
  const { rows } = await query(system, CURRENT_SCHEMA);
  if (rows[0]?.name !== schema) throw new ConfigError([schemaBehindPooler(schema, rows[0]?.name)]);
}

const POOLER_UNKNOWN =
  'DATABASE_URL: leads to a pooler that gives connections away after each transaction, as PgBouncer does with pool_mode = ' +
  'transaction. Set DATABASE_DIRECT_URL to the address of Postgres itself, for what a pooler cannot carry';

const schemaBehindPooler = (schema: string, current: string | null | undefined): string =>
  `DATABASE_URL: asks for the schema ${schema}, but a pooler cannot choose one for a connection, and statements through it ` +
  `would find ${current ?? 'no schema'}. Make it the schema of the role: ALTER ROLE … IN DATABASE … SET search_path = ${schema}`;
