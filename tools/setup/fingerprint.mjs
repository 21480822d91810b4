import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Names, sizes and times of every file under the given paths. It changes with each edit, and also when a file is removed
 * or an older one restored, which the newest time alone would miss.
 * @param {string} root
 * @param {string[]} paths
 * @param {(path: string) => boolean} [accept]
 */
export function fingerprint(root, paths, accept = () => true) {
  const hash = createHash('sha256');
  for (const path of paths) for (const line of describe(root, path, accept)) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @param {(path: string) => boolean} accept
 * @returns {Generator<string>}
 */
function* describe(root, path, accept) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(join(root, path)).toSorted()) yield* describe(root, `${path}/${name}`, accept);
  } else if (stat && accept(path)) {
    yield `${path} ${stat.size} ${stat.mtimeMs}`;
  }
}

/** @param {string} file */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {string} value
 */
export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
