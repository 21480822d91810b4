// Stage 0 of `npm test`; see start.mjs. Arguments are vitest's: `npm test -- test/launcher`.
import { prepare } from './setup/prepare.mjs';
import { importBuilt, root, say } from './setup/project.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain(async () => {
  const buildErrors = await prepare(root, say, { strict: false });
  const { runSuite } = await importBuilt('testing/main.js');
  return runSuite({ root, filters: process.argv.slice(2), buildErrors });
});
