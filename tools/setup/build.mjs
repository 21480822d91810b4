import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { runPackage } from './run.mjs';

/** How it is built is part of what it is built from: the environment of the command, for one. */
const BUILDER = 'tools/setup/build.mjs';

/** @param {string} path */
const isSource = (path) =>
  path === BUILDER || (!path.endsWith('.test.ts') && !path.endsWith('.mjs') && !path.includes('/__fixtures__/'));

/**
 * @typedef {object} Build
 * @property {string[]} sources
 * @property {string} stamp
 * @property {string} result
 * @property {[packageName: string, bin: string, args: string[]]} command
 * @property {Record<string, string>} [copies]
 */

/**
 * What is built from what, by which command. A part whose first source does not exist (a copy without it) is skipped.
 * @type {Build[]}
 */
const BUILDS = [
  {
    sources: [
      'apps/api',
      'apps/doctor',
      'apps/terminal',
      'apps/web/src/chat/uploads.ts',
      'apps/web/src/protocol',
      'apps/worker',
      'libs',
      'tools',
      'tsconfig.json',
      'tsconfig.build.json',
      'package.json',
      'prisma/schema.prisma',
    ],
    stamp: 'dist/.built',
    result: 'dist/tools/launcher/main.js',
    command: ['typescript', 'tsc', ['-p', 'tsconfig.build.json']],
  },
  {
    // A separate package, for pages and programs that use the relay: `npm install ./dist/client`.
    sources: ['libs/client', 'tsconfig.json', BUILDER],
    stamp: 'dist/.built-client',
    result: 'dist/client/dist/index.js',
    command: ['typescript', 'tsc', ['-p', 'libs/client/tsconfig.json']],
    copies: {
      'libs/client/package.json': 'dist/client/package.json',
      'libs/client/README.md': 'dist/client/README.md',
      LICENSE: 'dist/client/LICENSE',
    },
  },
  {
    sources: ['apps/web', 'libs/client', 'package.json', BUILDER],
    stamp: 'dist/.built-web',
    result: 'dist/web/index.html',
    command: ['vite', 'vite', ['build', 'apps/web', '--logLevel', 'warn']],
  },
];

/**
 * One value for the state of all sources; when it changes, the build is out of date.
 * @param {string} root
 */
export const sourcesState = (root) => BUILDS.map(({ sources }) => fingerprint(root, sources, isSource)).join();

/**
 * Builds what has changed since the last build. Returns the compilers' errors; `strict` throws them (tsc writes
 * its output despite type errors, and tests may run with it).
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function ensureBuilt(root, say, { strict = true } = {}) {
  const present = BUILDS.filter(({ sources }) => existsSync(join(root, sources[0])));
  const old = present
    .map((build) => ({ ...build, wanted: fingerprint(root, build.sources, isSource) }))
    .filter(({ result, stamp, wanted }) => !existsSync(join(root, result)) || readStamp(join(root, stamp)) !== wanted);
  if (old.length === 0) return undefined;
  say('Building …');
  const complaints = await Promise.all(old.map((build) => runBuild(root, build)));
  const all = complaints.filter((complaint) => complaint !== undefined).join('\n\n');
  if (strict && all) throw new SetupError(`The build failed ${all}`);
  return all || undefined;
}

/**
 * @param {string} root
 * @param {Build & { wanted: string }} build
 */
async function runBuild(root, { command: [packageName, bin, args], copies = {}, stamp, wanted }) {
  // Also where tests build it, whose NODE_ENV is `test`: the pages would have React's development build in them.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { code, output } = await runPackage(root, packageName, bin, args, { env });
  for (const [from, to] of Object.entries(copies)) {
    if (!existsSync(join(root, from))) continue; // an image is built without documents
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(join(root, from), join(root, to));
  }
  if (code !== 0) return `(${bin} ${args.join(' ')}):\n${output.trim()}`;
  writeStamp(join(root, stamp), wanted);
  return undefined;
}
