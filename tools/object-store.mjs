#!/usr/bin/env node
// `npm run test:object-store`: the tests of files in an object store, against the Versity S3 gateway as well. Go builds the gateway,
// unless VERSITYGW_PATH names one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './setup/project.mjs';
import { run } from './setup/run.mjs';
import { runMain } from './setup/run-main.mjs';
import { SetupError } from './setup/setup-error.mjs';

const VERSION = 'v1.8.0';
const TESTS = ['test/runtime/attachment-files.conformance.test.ts', 'test/api/direct-uploads'];

await runMain(async () => {
  process.env.VERSITYGW_PATH ??= await installed();
  process.argv.splice(2, 0, ...TESTS);
  await import('./test.mjs');
});

/** @returns where the gateway is, built the first time */
async function installed() {
  const folder = join(root, 'node_modules', '.cache', `versitygw-${VERSION}`);
  const program = join(folder, 'versitygw');
  if (existsSync(program)) return program;
  say(`Building versitygw ${VERSION} …`);
  const env = { ...process.env, GOBIN: folder };
  const install = ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`];
  const { code, output } = await run('go', install, { cwd: root, env }).catch(() => {
    throw new SetupError('Install Go, whose `go install` builds the gateway, or set VERSITYGW_PATH to a versitygw.');
  });
  if (code !== 0) throw new SetupError(`versitygw cannot be built:\n${output.trim()}`);
  return program;
}
