import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadModule } from './load-module.js';

const folder = mkdtempSync(join(tmpdir(), 'load-module-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a module that awaits what never comes is told, and does not hold up the start for ever', async () => {
  const path = join(folder, 'waits.mjs');
  writeFileSync(path, 'await new Promise(() => {});\nexport default {};');
  const owner = { what: 'assistant "a"', field: 'assistants[].module', write: 'export default defineAssistant({ … })' };
  await expect(loadModule(owner, path, 100)).rejects.toThrow(
    /^assistant "a": .*waits\.mjs cannot be used: Error: it has not loaded within 0\.1 s/,
  );
});
