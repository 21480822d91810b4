// Stage 0 of `npm start` and `npm run dev`: plain JavaScript on Node's own modules, because nothing is installed in a
// fresh clone. It installs, generates and builds what is missing or old, then hands over to the compiled launcher.
import { sourcesState } from './setup/build.mjs';
import { loadEnvFile } from './setup/env-file.mjs';
import { runMain } from './setup/run-main.mjs';
import { takeLock } from './setup/lock.mjs';
import { prepare } from './setup/prepare.mjs';
import { dataDir, importBuilt, root, say } from './setup/project.mjs';

await runMain(async () => {
  loadEnvFile(root);
  const lock = await takeLock(dataDir(), say);
  try {
    await prepare(root, say);
    const { launch } = await importBuilt('launcher/main.js');
    const watch = process.argv.includes('--watch')
      ? { rebuild: () => prepare(root, say), state: () => sourcesState(root) }
      : undefined;
    return await launch({ root, dataDir: dataDir(), lock, watch });
  } finally {
    lock.release();
  }
});
