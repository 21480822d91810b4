import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig as loadApi } from '../../apps/api/src/config.js';
import { loadConfig as loadWorker } from '../../apps/worker/src/config.js';

const EXAMPLE = resolve(import.meta.dirname, '../../config/chatkit.config.example.yaml');
/** A setting that is commented out, as opposed to a sentence. */
const SETTING = /^# ( *[a-zA-Z]\w*:.*)$/gm;

const folder = mkdtempSync(join(tmpdir(), 'config-example-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the example of a config file is valid, also with everything that it suggests', () => {
  const path = join(folder, 'chatkit.config.yaml');
  writeFileSync(path, readFileSync(EXAMPLE, 'utf8').replace(SETTING, '$1'));
  const env = { DATABASE_URL: 'postgresql://db/x', OPENAI_API_KEY: 'sk-1' };
  for (const CHATKIT_CONFIG of [EXAMPLE, path]) {
    for (const load of [loadApi, loadWorker]) expect(load({ ...env, CHATKIT_CONFIG }).warnings).toEqual([]);
  }
  const { file } = loadWorker({ ...env, CHATKIT_CONFIG: path });
  expect(file.defaults.model).toBe('standard');
  expect(file.attachments.direct).toBe(false);
});
