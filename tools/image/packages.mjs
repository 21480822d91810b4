import { posix } from 'node:path';

/**
 * An entry of `packages` in package-lock.json.
 * @typedef {object} Locked
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/**
 * The folders of the packages that these roots need, with those of all their dependencies. Optional peers are left out: a package
 * works without them.
 * @param {Readonly<Record<string, Locked>>} locked `packages` of package-lock.json
 * @param {readonly string[]} roots names of packages
 * @param {(name: string) => boolean} isLeftOut wherever it is asked for
 * @returns {string[]} such as `node_modules/a/node_modules/b`
 */
export function packageFolders(locked, roots, isLeftOut = () => false) {
  /** @type {Set<string>} */
  const folders = new Set();
  /** @param {string} from @param {readonly string[]} names */
  const add = (from, names) => {
    for (const name of names) {
      const folder = isLeftOut(name) ? undefined : folderOf(locked, from, name);
      if (folder === undefined || folders.has(folder)) continue;
      folders.add(folder);
      add(folder, neededBy(locked[folder]));
    }
  };
  add('', roots);
  return [...folders].toSorted();
}

/** @param {Locked} entry */
function neededBy({ dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/**
 * Where Node finds a package: in the nearest node_modules upwards.
 * @param {Readonly<Record<string, Locked>>} locked
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function folderOf(locked, from, name) {
  const folder = posix.join(from, 'node_modules', name);
  if (locked[folder]) return folder;
  if (from === '') return undefined;
  return folderOf(locked, from.slice(0, Math.max(0, from.lastIndexOf('node_modules') - 1)), name);
}
