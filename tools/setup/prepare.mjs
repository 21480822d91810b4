import { ensureBuilt } from './build.mjs';
import { ensureGenerated } from './generate.mjs';
import { ensureInstalled } from './install.mjs';

/**
 * Everything that is needed before compiled code can run. Returns type errors when they are tolerated.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function prepare(root, say, { strict = true } = {}) {
  await ensureInstalled(root, say);
  await ensureGenerated(root, say);
  return ensureBuilt(root, say, { strict });
}
