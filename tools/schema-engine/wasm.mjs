import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { logLine } from './commands.mjs';

/**
 * The parts of the global object that no types describe: Node's declare no `WebAssembly`, and the registry is the
 * engine's own.
 * @typedef {object} EngineHost
 * @property {{ instantiate(wasm: Uint8Array, imports: object): Promise<{ instance: { exports: EngineExports } }> }} WebAssembly
 * @property {typeof panicRegistry} PRISMA_WASM_PANIC_REGISTRY
 */

/**
 * What is called of the compiled engine here; the bindings call the rest.
 * @typedef {object} EngineExports
 * @property {() => void} __wbindgen_start
 */

/** The engine reports a panic to a registry that it expects of its host; only Prisma's own client has one. */
export const panicRegistry = {
  message: '',
  /** @param {string} message */
  set_message(message) {
    this.message = message;
    process.stderr.write(`panic\n${logLine({ message })}\n`);
  },
};

export async function loadWasm() {
  const host = /** @type {typeof globalThis & EngineHost} */ (globalThis);
  host.PRISMA_WASM_PANIC_REGISTRY = panicRegistry;
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = readFileSync(script.replace(/\.js$/, '.wasm'));
  const { instance } = await host.WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
  // oxlint-disable no-underscore-dangle -- names that wasm-bindgen gives
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // oxlint-enable no-underscore-dangle
}
