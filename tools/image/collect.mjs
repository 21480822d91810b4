// Copies what an image needs of node_modules: `node tools/image/collect.mjs runtime|migrate TARGET`. Run by the Dockerfile.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTENTS, isKept } from './contents.mjs';
import { packageFolders } from './packages.mjs';

const [kind = '', target = ''] = process.argv.slice(2);
const contents = CONTENTS[/** @type {keyof typeof CONTENTS} */ (kind)];
if (!contents || !target)
  throw new Error(`usage: node tools/image/collect.mjs ${Object.keys(CONTENTS).join('|')} TARGET`);

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

const { packages } = read('package-lock.json');
for (const folder of packageFolders(packages, contents.roots(read('package.json')), contents.isLeftOut)) {
  // Code for other platforms is in the lockfile, too.
  if (existsSync(folder)) collect(folder);
}

/** @param {string} folder of a package */
function collect(folder) {
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  for (const path of filesOf(folder).filter((file) => isKept(name, file))) {
    const to = join(target, folder, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(folder, path), to);
  }
}

/**
 * Paths of a package's files, from its folder. The packages below it are copied by themselves, if they are needed.
 * @param {string} folder
 * @returns {string[]}
 */
function filesOf(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = `${below}${entry.name}`;
    if (entry.isDirectory()) return path === 'node_modules' ? [] : filesOf(folder, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
}
