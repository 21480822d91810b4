// Global setup of the project `unit`: the sources import the database client, which is generated.
import { ensureGenerated } from '../setup/generate.mjs';
import { root, say } from '../setup/project.mjs';

export default async function setup() {
  await ensureGenerated(root, say);
}
