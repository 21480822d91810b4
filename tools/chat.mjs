// Stage 0 of `npm run chat`; see start.mjs.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { loadEnvFile } from './setup/env-file.mjs';
import { prepare } from './setup/prepare.mjs';
import { root } from './setup/project.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain(async () => {
  loadEnvFile(root);
  await prepare(root, () => undefined);
  await import(pathToFileURL(join(root, 'dist/apps/terminal/src/main.js')).href);
});
