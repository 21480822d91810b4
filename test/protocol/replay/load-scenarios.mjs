// The scenarios, one file each in ../scenarios. Their format: ../README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const scenariosFolder = fileURLToPath(new URL('../scenarios', import.meta.url));

/** All scenarios of a folder, in the order of their ids. */
export function loadScenarios(folder = scenariosFolder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}
