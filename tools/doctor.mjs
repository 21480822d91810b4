// Stage 0 of `npm run doctor`; see start.mjs.
import { loadEnvFile } from './setup/env-file.mjs';
import { runMain } from './setup/run-main.mjs';
import { prepare } from './setup/prepare.mjs';
import { dataDir, importBuilt, root } from './setup/project.mjs';

await runMain(async () => {
  loadEnvFile(root);
  await prepare(root, () => undefined);
  const { runDoctor } = await importBuilt('launcher/doctor.js');
  return await runDoctor({ root, dataDir: dataDir(), args: process.argv.slice(2) });
});
