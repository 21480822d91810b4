import { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { adapterFor } from './adapter.mjs';
import { createDatabase } from './databases.mjs';
import { offlineAdapter } from './offline-adapter.mjs';
import { seeingPartialIndexes } from './partial-indexes.mjs';
import { loadWasm } from './wasm.mjs';

/** @import { DiffParams, DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg' */
/** @import { Options } from './options.mjs' */

/**
 * Methods by their names in the protocol. Each has parameters of its own. Nothing here checks them: the CLI that sends
 * them and the engine that reads them are both Prisma's.
 * @typedef {Record<string, (params: never) => Promise<unknown>>} Methods
 */

/** @typedef {(method: string, params: unknown) => Promise<unknown>} Call */

/**
 * The engine requires a schema, even for requests that have none (migrations against a database).
 * @type {Options['datamodels']}
 */
const ANY_SCHEMA = [['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']];

/** @type {(models: Options['datamodels'], adapter: object) => Promise<SchemaEngine>} */
const make = (models, adapter) =>
  SchemaEngine.new({ datamodels: models.length > 0 ? models : ANY_SCHEMA }, logWhenAsked, adapter);

/**
 * The engine's methods by their names in the protocol. The engine itself is created when a method first needs it.
 * @param {Options} options
 * @returns {Promise<Call>}
 */
export async function loadEngine({ url, schema, datamodels }) {
  await loadWasm();
  /** @type {Promise<SchemaEngine> | undefined} */
  let engine;
  const connected = () => (engine ??= make(datamodels, adapterFor(url, schema)));
  /** @param {DiffParams} params */
  const compare = async (params) => {
    const adapter = isOffline(params) ? offlineAdapter() : adapterFor(url, schema);
    return (await make(schemasIn(params), adapter)).diff(params);
  };
  /** @type {Methods} */
  const special = {
    /** @param {Parameters<SchemaEngine['version']>[0]} params */
    getDatabaseVersion: async (params) => (await connected()).version(params),
    createDatabase: async () => ({ databaseName: await createDatabase(url) }),
    diff: compare,
    ...seeingPartialIndexes(connected, compare),
  };
  return async (method, params) => {
    const methods = special[method] ? special : /** @type {SchemaEngine & Methods} */ (await connected());
    return methods[method](/** @type {never} */ (params));
  };
}

/** @param {string} line */
const logWhenAsked = (line) => process.env.DEBUG && process.stderr.write(`${line}\n`);

/** @param {DiffParams} params */
const isOffline = ({ from, to }) =>
  [from, to].every((side) => side?.tag === 'empty' || side?.tag === 'schemaDatamodel');

/**
 * A comparison has its schemas in the request, not on the command line.
 * @param {DiffParams} params
 * @returns {Options['datamodels']}
 */
function schemasIn({ from, to }) {
  return [from, to].flatMap(filesOf).map(({ path, content }) => [path, content]);
}

/** @param {DiffTarget | undefined} side */
const filesOf = (side) => (side && 'files' in side ? side.files : []);
