import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies what a clone would have: the files that git tracks or would add, as they are now; no node_modules, no build.
 * @param {string} root
 * @param {string} target
 * @param {import('./machine.mjs').User | undefined} user
 */
export function copyCheckout(root, target, user) {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const git = ['-c', `safe.directory=${root}`, '-C', root];
  const names = execFileSync('git', [...git, ...list], { encoding: 'utf8', maxBuffer: 1 << 26 });
  for (const name of names.split('\0').filter(Boolean)) {
    if (!existsSync(join(root, name))) continue; // deleted, not yet committed
    mkdirSync(dirname(join(target, name)), { recursive: true });
    cpSync(join(root, name), join(target, name));
  }
  if (user) giveAway(target, user);
}

/**
 * @param {string} folder
 * @param {import('./machine.mjs').User} user
 */
function giveAway(folder, user) {
  chownSync(folder, user.uid, user.gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    chownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}
