import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../../..');
const EXAMPLES = join(ROOT, 'examples/frontend');
const CLIENT = '@chatkit-relay/client';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const isSource = (path: string): boolean => !/[\\/](node_modules|dist|\.next)$/.test(path);

/** A copy of an example, outside of this repository, without what was installed or built there. */
export function copyExample(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `frontend-${name}-`));
  cpSync(join(EXAMPLES, name), folder, { recursive: true, filter: isSource });
  return folder;
}

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** What the project's manifest names, from this repository, which has the same versions. */
export function linkPackages(folder: string): void {
  const { dependencies, devDependencies } = manifestOf(folder);
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const target = join(folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(name === CLIENT ? join(ROOT, 'dist/client') : join(ROOT, 'node_modules', name), target);
  }
}

/** Runs a program of a package; its output is in the error if it fails. */
export function run(
  folder: string,
  script: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): string {
  // oxlint-disable-next-line node/no-process-env -- what a compiler is started with
  const env = { ...process.env, NODE_ENV: 'production', ...variables };
  return execFileSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8', env });
}
