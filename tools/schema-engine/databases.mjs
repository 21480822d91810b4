import { Client } from 'pg';

/** @import { ClientConfig } from 'pg' */

/** Statements that concern databases as a whole; they run on the maintenance database. */

/** @param {string} url */
export async function canConnect(url) {
  await withClient({ connectionString: url }, async () => undefined);
}

/**
 * Returns its name; an existing database is left unchanged.
 * @param {string} url
 */
export async function createDatabase(url) {
  const name = databaseOf(url);
  await onMaintenance(url, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });
  return name;
}

/** @param {string} url */
export async function dropDatabase(url) {
  await onMaintenance(url, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(databaseOf(url))}`),
  );
}

/**
 * Asks first: who may use a schema may not be allowed to create one.
 * @param {ClientConfig} config
 * @param {string} schema
 */
export async function createSchema(config, schema) {
  await withClient(config, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (rowCount === 0) await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(schema)}`);
  });
}

/**
 * @template T
 * @param {ClientConfig} config
 * @param {(client: Client) => Promise<T>} use
 */
export async function withClient(config, use) {
  const client = new Client(config);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** @param {string} url */
const databaseOf = (url) => decodeURIComponent(new URL(url).pathname.slice(1));

/** @type {(url: string, use: (client: Client) => Promise<unknown>) => Promise<unknown>} */
function onMaintenance(url, use) {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  return withClient({ connectionString: maintenance.href }, use);
}
