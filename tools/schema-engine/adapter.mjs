import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { withInternalTypes } from './internal-types.mjs';
import { Client } from 'pg';
import { withClient } from './databases.mjs';

/** The engine's way to a database. */
export function adapterFor(url, schema) {
  return bindMigrationAwareSqlAdapterFactory(new PgFactory(configOf(url), { schema }));
}

/**
 * Single fields and not a connection string: for the shadow database the adapter spreads this configuration and
 * overrides `database`, and a connection string would silently win, aiming the shadow's work at the main database.
 */
function configOf(url) {
  // The driver's own reading of a URL, with all that may stand behind the question mark.
  const { host, port, user, password, database, ssl } = new Client({ connectionString: url });
  return { host, port, user, password, database, ssl };
}

/** Mends the connections of the adapter. Its own shadow database is dropped while its pool is still connected to it, which Postgres refuses. */
class PgFactory extends PrismaPg {
  #config;
  #options;

  constructor(config, options) {
    super(config, options);
    this.#config = config;
    this.#options = options;
  }

  async connect() {
    return withInternalTypes(await super.connect());
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

  #query(sql) {
    return withClient(this.#config, (client) => client.query(sql));
  }
}
