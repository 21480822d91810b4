import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { runPackage } from './run.mjs';

const SOURCES = [
  'apps/api',
  'apps/worker',
  'libs',
  'tools',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'prisma/schema.prisma',
];
const STAMP = 'dist/.built';
const RESULT = 'dist/tools/launcher/main.js';

const isSource = (path) => !path.endsWith('.test.ts') && !path.endsWith('.mjs') && !path.includes('/__fixtures__/');

/** One value for the state of all sources; a change means that the build is old. */
export const sourcesState = (root) => fingerprint(root, SOURCES, isSource);

/**
 * Compiles when a source changed since the last build. Returns the compiler's complaints; `strict` makes them an error
 * (the compiler writes its output in spite of type errors, and tests may go on with that).
 */
export async function ensureBuilt(root, say, { strict = true } = {}) {
  const wanted = sourcesState(root);
  const stamp = join(root, STAMP);
  if (existsSync(join(root, RESULT)) && readStamp(stamp) === wanted) return undefined;
  say('Building …');
  const { code, output } = await runPackage(root, 'typescript', 'tsc', ['-p', 'tsconfig.build.json']);
  if (code === 0) writeStamp(stamp, wanted);
  else if (strict) throw new SetupError(`The build failed (tsc -p tsconfig.build.json):\n${output.trim()}`);
  return code === 0 ? undefined : output.trim();
}
