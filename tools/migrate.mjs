// Stage 0 of `npm run migrate`; see start.mjs.
import { loadEnvFile } from './setup/env-file.mjs';
import { runMain } from './setup/run-main.mjs';
import { takeLock } from './setup/lock.mjs';
import { prepare } from './setup/prepare.mjs';
import { dataDir, importBuilt, root, say } from './setup/project.mjs';

await runMain(async () => {
  loadEnvFile(root);
  await prepare(root, say);
  const { migrateOnly } = await importBuilt('launcher/migrate-only.js');
  // A configured database handles several clients by itself; the embedded one allows one launcher at a time.
  const lock = process.env.DATABASE_URL ? undefined : await takeLock(dataDir(), say);
  try {
    await migrateOnly(root, dataDir(), say);
  } finally {
    lock?.release();
  }
});
