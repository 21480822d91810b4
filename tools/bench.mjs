// Stage 0 of `npm run bench`; see start.mjs. The bench itself is test/bench.
import { join } from 'node:path';
import { prepare } from './setup/prepare.mjs';
import { importBuilt, root, say } from './setup/project.mjs';
import { runPackage } from './setup/run.mjs';
import { runMain } from './setup/run-main.mjs';
import { SetupError } from './setup/setup-error.mjs';

await runMain(async () => {
  await prepare(root, say);
  const { code, output } = await runPackage(root, 'typescript', 'tsc', ['-p', join('test', 'bench')]);
  if (code !== 0) throw new SetupError(`The benchmark does not compile:\n${output.trim()}`);
  const { runBench } = await importBuilt('../test/bench/main.js');
  return runBench(root, process.argv.slice(2));
});
