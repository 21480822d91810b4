import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { withInternalTypes } from './internal-types.mjs';
import { Client, escapeIdentifier } from 'pg';
import { createSchema, withClient } from './databases.mjs';

/** @import { Pool, PoolConfig } from 'pg' */

/** @typedef {ConstructorParameters<typeof PrismaPg>[1]} PgOptions */

/**
 * Connects the engine to a database.
 * @param {string} url
 * @param {string | undefined} schema
 */
export function adapterFor(url, schema) {
  return bindMigrationAwareSqlAdapterFactory(new PgFactory(configOf(url, schema), { schema }));
}

/**
 * Migrations name no schema, so that each connection has to look in the right one.
 *
 * Single fields and not a connection string: for the shadow database the adapter spreads this configuration and
 * overrides `database`. A connection string would silently win, and the shadow database's statements would run on the
 * main database.
 * @param {string} url
 * @param {string | undefined} schema
 */
function configOf(url, schema) {
  // The driver's own parser, which knows all parameters after the question mark.
  const { host, port, user, password, database, ssl } = new Client({ connectionString: url });
  const options = schema && `-c search_path=${escapeIdentifier(schema).replaceAll(/[\\ ]/g, '\\$&')}`;
  return { host, port, user, password, database, ssl, options };
}

/**
 * Sends a migration as it is, as the native engine does. The adapter cuts it at each semicolon, also within comments and the
 * bodies of functions. Postgres applies such a script as a whole or not at all. What it has set ends with it: its
 * statement_timeout would otherwise end the index that the next one builds.
 * @template {{ executeScript(script: string): Promise<void>, executeRaw: unknown }} Connection
 * @param {Connection} connection
 */
function withWholeScripts(connection) {
  const { client: pool, onError } = /** @type {{ client: Pool, onError(error: unknown): never }} */ (
    /** @type {unknown} */ (connection)
  );
  connection.executeScript = async (script) => {
    const client = await pool.connect();
    try {
      await client.query(script);
      await client.query('RESET ALL');
      client.release();
    } catch (error) {
      client.release(true);
      onError.call(connection, error);
    }
  };
  return connection;
}

/**
 * Fixes the adapter's connections: they read internal types, and the shadow database can be dropped. The adapter drops
 * its own while its pool is still connected to it, which Postgres refuses.
 */
class PgFactory extends PrismaPg {
  #config;
  #options;

  /**
   * @param {PoolConfig} config
   * @param {PgOptions} options
   */
  constructor(config, options) {
    super(config, options);
    this.#config = config;
    this.#options = options;
  }

  async connect() {
    const { schema } = this.#options ?? {};
    if (schema) await createSchema(this.#config, schema);
    return withWholeScripts(withInternalTypes(await super.connect()));
  }

  async connectToShadowDb() {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    await this.#query(`CREATE DATABASE "${database}"`);
    const connection = await new PgFactory({ ...this.#config, database }, this.#options).connect();
    const disconnect = connection.dispose.bind(connection);
    connection.dispose = async () => {
      await disconnect();
      await this.#query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    };
    return connection;
  }

  /** @param {string} sql */
  #query(sql) {
    return withClient(this.#config, (client) => client.query(sql));
  }
}
