import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** `DATA_DIR` as an absolute path; a relative one is resolved from the project, not from the working directory. */
export function dataDir(env = process.env) {
  const value = env.DATA_DIR || '.data';
  return isAbsolute(value) ? value : join(root, value);
}

/**
 * Compiled stage 1: it exists only after the build, so it cannot be a static import.
 * @param {string} path
 */
export const importBuilt = (path) => import(pathToFileURL(join(root, 'dist', 'tools', path)).href);

/** @param {string} line */
export const say = (line) => process.stdout.write(`${line}\n`);
