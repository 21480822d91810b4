// Stage 0 of `npm run keys`; see start.mjs.
import { loadEnvFile } from './setup/env-file.mjs';
import { runMain } from './setup/run-main.mjs';
import { takeLock } from './setup/lock.mjs';
import { prepare } from './setup/prepare.mjs';
import { dataDir, importBuilt, root, say } from './setup/project.mjs';

await runMain(async () => {
  loadEnvFile(root);
  await prepare(root, () => undefined);
  const { runKeys } = await importBuilt('launcher/keys.js');
  return await runKeys({
    root,
    dataDir: dataDir(),
    args: process.argv.slice(2),
    // Only where the embedded database has to be started: one launcher at a time.
    lock: () => takeLock(dataDir(), say),
  });
});
