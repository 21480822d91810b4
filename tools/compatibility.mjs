// `npm run compatibility`, at each release: writes prisma/compat/<version>.json.
import { runMain } from './setup/run-main.mjs';
import { prepare } from './setup/prepare.mjs';
import { importBuilt, root, say } from './setup/project.mjs';

await runMain(async () => {
  await prepare(root, say);
  const { writeCompatibility } = await importBuilt('checking/compatibility.js');
  say(`Wrote ${await writeCompatibility(root, say)}.`);
  return 0;
});
