// `npm run build`: dependencies, database client, compiled code and page; what is up to date is left alone.
import { prepare } from './setup/prepare.mjs';
import { root, say } from './setup/project.mjs';
import { runMain } from './setup/run-main.mjs';

await runMain(async () => {
  await prepare(root, say);
  return 0;
});
