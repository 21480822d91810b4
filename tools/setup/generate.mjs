import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { prismaEnvironment } from './prisma.mjs';
import { runPackage } from './run.mjs';

const SOURCES = ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'];
const STAMP = 'dist/.generated';
const RESULT = 'libs/runtime/src/generated/prisma/client.ts';

/**
 * Generates the Prisma client when the schema (or Prisma) has changed since the client was generated.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function ensureGenerated(root, say) {
  const wanted = fingerprint(root, SOURCES);
  const stamp = join(root, STAMP);
  if (existsSync(join(root, RESULT)) && readStamp(stamp) === wanted) return;
  say('Generating the database client …');
  const { code, output } = await runPackage(root, 'prisma', 'prisma', ['generate'], { env: prismaEnvironment() });
  if (code !== 0) throw new SetupError(`Generating the database client failed (prisma generate):\n${output.trim()}`);
  writeStamp(stamp, wanted);
}
