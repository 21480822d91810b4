import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { LauncherError } from '../../../tools/engines/launcher-error.js';
import { appOf } from '../processes.js';
import type { Side } from './plan.js';

/** A checkout that has been built. Nothing of it is used but its apps and its migrations. */
export interface Build {
  readonly root: string;
  /** As `git describe` has it; undefined outside of git. */
  readonly commit: string | undefined;
}

export function findBuilds(root: string, against: string): Record<Side, Build> {
  const ours = buildAt(root);
  return { this: ours, other: buildAt(resolve(against)), control: ours };
}

function buildAt(root: string): Build {
  for (const app of ['api', 'worker']) {
    if (existsSync(appOf(root, app))) continue;
    throw new LauncherError(`${appOf(root, app)} is missing. Build that checkout first (npm ci && npm run build).`);
  }
  return { root, commit: describe(root) };
}

function describe(root: string): string | undefined {
  try {
    const args = ['-C', root, 'describe', '--always', '--dirty', '--exclude=*'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // an unpacked archive, or no git
  }
}
