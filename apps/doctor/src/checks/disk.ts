import { existsSync, mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Check } from '../check.js';
import { fail, ok, warn } from '../finding.js';
import type { Installation } from '../installation.js';

const GB = 1024 ** 3;
/** A database that cannot write stops. */
const TOO_LITTLE = 0.5 * GB;
const LITTLE = 2 * GB;

export const disk: Check<Installation> = {
  name: 'disk',
  async run({ dataDir }) {
    const folder = existing(dataDir);
    const refusal = writeRefusal(folder);
    if (refusal) return [fail(`${folder} cannot be written to (${refusal}).`, FIXES[refusal] ?? FIXES.EACCES)];
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const said = `${(free / GB).toFixed(1)} GB free for ${dataDir}`;
    const fix = 'Free some space, or set DATA_DIR to a folder on another disk.';
    if (free < TOO_LITTLE) return [fail(said, fix)];
    return free < LITTLE ? [warn(said, fix)] : [ok(said)];
  },
};

const FIXES: Readonly<Record<string, string>> & { readonly EACCES: string } = {
  EACCES: 'Set DATA_DIR to a folder that this user may write to.',
  EROFS: 'It is read-only: set DATA_DIR to a folder on a disk, or mount a volume there.',
  ENOSPC: 'The disk is full: free some space, or set DATA_DIR to a folder on another disk.',
  EDQUOT: 'The quota of this user is used up: free some space, or set DATA_DIR to a folder on another disk.',
};

/** The code of the error of a try; rights alone do not tell, because an administrator has them on read-only disks, too. */
function writeRefusal(folder: string): string | undefined {
  try {
    rmdirSync(mkdtempSync(join(folder, '.doctor-')));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EACCES';
  }
}

const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));
