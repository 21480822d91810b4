// Global setup of the project `engines`: built processes, private engines and a migrated template database.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../setup/build.mjs';
import { ensureGenerated } from '../setup/generate.mjs';
import { importBuilt, root, say } from '../setup/project.mjs';

/** @param {import('vitest/node').TestProject} project */
export default async function setup(project) {
  await build();
  project.onTestsRerun(build);
  const scratch = mkdtempSync(join(tmpdir(), 'chatkit-relay-engines-'));
  chmodSync(scratch, 0o711); // started by root, Postgres runs as another user, who must be able to enter
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  /** @type {typeof import('./test-engines.js')} */
  const { openTestEngines } = await importBuilt('testing/test-engines.js');
  const engines = await openTestEngines(root, scratch).catch((error) => {
    remove();
    throw error;
  });
  const { redisMissing } = engines.provided;
  if (redisMissing) say(`Tests that need Redis run on the Postgres engine only. ${redisMissing}`);
  project.provide('engines', engines.provided);
  return () => engines.close().finally(remove);
}

/** Tests run with the compiler's output even when it has errors; `npm test` counts those as a failure. */
async function build() {
  await ensureGenerated(root, say);
  const complaints = await ensureBuilt(root, say, { strict: false });
  if (complaints) process.stderr.write(`\nThe build has errors:\n${complaints}\n\n`);
}
