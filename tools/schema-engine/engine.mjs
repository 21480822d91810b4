import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { adapterFor } from './adapter.mjs';
import { logLine } from './commands.mjs';
import { createDatabase } from './databases.mjs';
import { offlineAdapter } from './offline-adapter.mjs';
import { seeingPartialIndexes } from './partial-indexes.mjs';

/** The engine requires a schema, even for requests that have none (migrations against a database). */
const ANY_SCHEMA = [['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']];

const make = (models, adapter) =>
  bindings.SchemaEngine.new({ datamodels: models.length > 0 ? models : ANY_SCHEMA }, logWhenAsked, adapter);

/** The engine's methods by their names in the protocol. The engine itself is created when a method first needs it. */
export async function loadEngine({ url, schema, datamodels }) {
  await loadWasm();
  let engine;
  const connected = () => (engine ??= make(datamodels, adapterFor(url, schema)));
  const compare = async (params) => {
    const adapter = isOffline(params) ? offlineAdapter() : adapterFor(url, schema);
    return (await make(schemasIn(params), adapter)).diff(params);
  };
  const special = {
    getDatabaseVersion: async (params) => (await connected()).version(params),
    createDatabase: async () => ({ databaseName: await createDatabase(url) }),
    diff: compare,
    ...seeingPartialIndexes(connected, compare),
  };
  return async (method, params) => (special[method] ? special[method](params) : (await connected())[method](params));
}

const logWhenAsked = (line) => process.env.DEBUG && process.stderr.write(`${line}\n`);

async function loadWasm() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = panicRegistry;
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = readFileSync(script.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
  // oxlint-disable no-underscore-dangle -- names that wasm-bindgen gives
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // oxlint-enable no-underscore-dangle
}

/** The engine reports a panic to a registry that it expects of its host; only Prisma's own client has one. */
const panicRegistry = {
  message: '',
  set_message(message) {
    this.message = message;
    process.stderr.write(`panic\n${logLine({ message })}\n`);
  },
};

const isOffline = ({ from, to }) =>
  [from, to].every((side) => side?.tag === 'empty' || side?.tag === 'schemaDatamodel');

/** A comparison has its schemas in the request, not on the command line. */
function schemasIn({ from, to }) {
  const files = [from, to].flatMap((side) => side?.files ?? []);
  return files.map(({ path, content }) => [path, content]);
}
