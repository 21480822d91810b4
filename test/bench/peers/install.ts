import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_WITHIN_MS = 300_000;

/** A server that cannot be had on this machine: it is left out, and the report says so. */
export class PeerMissing extends Error {}

/** The script of the npm peer, beside the packages that it imports. */
export async function npmPeer(root: string): Promise<string> {
  const source = join(root, 'test', 'bench', 'peers', 'npm');
  const manifest = join(source, 'package.json');
  const folder = await installed(root, 'npm', manifest, async (into) => {
    copyFileSync(manifest, join(into, 'package.json'));
    const npm = process.env['npm_execpath'];
    const [command, ...args] = npm === undefined ? ['npm'] : [process.execPath, npm];
    await run(command, [...args, 'install', '--no-audit', '--no-fund'], { cwd: into, timeout: INSTALL_WITHIN_MS });
  });
  copyFileSync(join(source, 'server.mjs'), join(folder, 'server.mjs'));
  return join(folder, 'server.mjs');
}

/** The interpreter that has the official server's packages, and the script. */
export async function pythonPeer(root: string): Promise<readonly [interpreter: string, script: string]> {
  const source = join(root, 'test', 'bench', 'peers', 'python');
  const requirements = join(source, 'requirements.txt');
  const folder = await installed(root, 'python', requirements, async (into) => {
    await run('python3', ['-m', 'venv', into], { timeout: INSTALL_WITHIN_MS });
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await run(interpreterIn(into), args, { timeout: INSTALL_WITHIN_MS });
  });
  return [interpreterIn(folder), join(source, 'server.py')];
}

const interpreterIn = (folder: string): string => join(folder, 'bin', 'python');

/** Done once for each content of `manifest`, and kept. */
async function installed(
  root: string,
  name: string,
  manifest: string,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha1').update(readFileSync(manifest)).digest('hex').slice(0, 12);
  const folder = join(root, 'node_modules', '.cache', 'bench', `${name}-${digest}`);
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    await install(folder);
  } catch (error) {
    throw new PeerMissing(`could not be installed: ${reasonOf(error)}`, { cause: error });
  }
  writeFileSync(mark, '');
  return folder;
}

/** The last line that the command has printed says more than that it failed. */
function reasonOf(error: unknown): string {
  const { message, stderr } = error as { message: string; stderr?: string };
  return stderr?.trim().split('\n').at(-1) || message;
}
