import { createInterface } from 'node:readline';
import { loadEngine } from './engine.mjs';

/** What the native engine answers when a method fails: the CLI reads `data`. */
const METHOD_FAILED = 4466;

/** JSON-RPC, one message a line: requests from stdin are answered on stdout, one after another. */
export async function serve(options) {
  const call = await loadEngine(options);
  let current;
  process.once('uncaughtException', (error) => write(failure(current, error, true), () => process.exit(1)));
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params = {} } = JSON.parse(line);
    if (!method) continue;
    current = id;
    write(await answer(call, id, method, params));
  }
  process.exit(0); // connections of the adapter's pool may still be open
}

async function answer(call, id, method, params) {
  try {
    const result = (await call(method, params)) ?? {};
    // The native engine sends the CLI a request to print a diff; this one returns it.
    if (method === 'diff' && result.stdout != null) print(result.stdout);
    return { jsonrpc: '2.0', id, result };
  } catch (error) {
    return failure(id, error, false);
  }
}

/** A panic rejects no promise: without an answer, the CLI would exit as if nothing had failed. */
function failure(id, error, isPanic) {
  const message = (isPanic && globalThis.PRISMA_WASM_PANIC_REGISTRY.message) || error?.message || String(error);
  const data = { is_panic: isPanic, message, error_code: error?.code, meta: error?.meta };
  const summary = 'An error happened. Check the data field for details.';
  return { jsonrpc: '2.0', id, error: { code: METHOD_FAILED, message: summary, data } };
}

let printed = 1_000_000;

const print = (content) => write({ id: (printed += 1), jsonrpc: '2.0', method: 'print', params: { content } });

const write = (message, done) => process.stdout.write(`${JSON.stringify(message)}\n`, done);
