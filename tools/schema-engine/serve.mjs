import { createInterface } from 'node:readline';
import { loadEngine } from './engine.mjs';
import { panicRegistry } from './wasm.mjs';

/** @import { DiffResult } from '@prisma/schema-engine-wasm/schema_engine_bg' */
/** @import { Call } from './engine.mjs' */
/** @import { Options } from './options.mjs' */

/** @typedef {number | string | undefined} Id */

/**
 * A line from the CLI: a request, or the response to a `print`, which has no method.
 * @typedef {object} Incoming
 * @property {Id} [id]
 * @property {string} [method]
 * @property {object} [params]
 */

/** What the native engine answers when a method fails: the CLI reads `data`. */
const METHOD_FAILED = 4466;

/**
 * JSON-RPC, one message a line: requests from stdin are answered on stdout, one after another.
 * @param {Options} options
 */
export async function serve(options) {
  const call = await loadEngine(options);
  /** @type {Id} */
  let current;
  process.once('uncaughtException', (error) => write(failure(current, error, true), () => process.exit(1)));
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params = {} } = /** @type {Incoming} */ (JSON.parse(line));
    if (!method) continue;
    current = id;
    write(await answer(call, id, method, params));
  }
  process.exit(0); // connections of the adapter's pool may still be open
}

/** @type {(call: Call, id: Id, method: string, params: object) => Promise<object>} */
async function answer(call, id, method, params) {
  try {
    const result = (await call(method, params)) ?? {};
    if (method === 'diff') printDiff(result);
    return { jsonrpc: '2.0', id, result };
  } catch (error) {
    return failure(id, error, false);
  }
}

/**
 * The native engine sends the CLI a request to print a diff; this one returns it.
 * @param {Partial<DiffResult>} diff
 */
function printDiff({ stdout }) {
  if (stdout != null) print(stdout);
}

/**
 * A panic rejects no promise: without an answer, the CLI would exit as if nothing had failed.
 * @param {Id} id
 * @param {{ message?: string, code?: string, meta?: unknown } | undefined} error
 * @param {boolean} isPanic
 */
function failure(id, error, isPanic) {
  const message = (isPanic && panicRegistry.message) || error?.message || String(error);
  const data = { is_panic: isPanic, message, error_code: error?.code, meta: error?.meta };
  const summary = 'An error happened. Check the data field for details.';
  return { jsonrpc: '2.0', id, error: { code: METHOD_FAILED, message: summary, data } };
}

let printed = 1_000_000;

/** @param {string} content */
const print = (content) => write({ id: (printed += 1), jsonrpc: '2.0', method: 'print', params: { content } });

/** @type {(message: object, done?: () => void) => boolean} */
const write = (message, done) => process.stdout.write(`${JSON.stringify(message)}\n`, done);
