import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runApp } from '../../support/processes.js';

it('a worker does not start with policies that are wrong, and names each of them by its path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatkit-policies-'));
  const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
  const config = {
    deadlines: { firstTokenMs: 0 },
    providers: [{ kind: 'demo', limits: { concurrency: 0 } }],
    models: {
      smart: { model: 'demo/demo', fallback: ['nobody/x'], retries: 3 },
      fast: { model: 'demo/demo', fallback: ['nobody/y'] },
    },
  };
  writeFileSync(CHATKIT_CONFIG, JSON.stringify(config));
  const { code, output } = await runApp('worker', { DATABASE_URL: 'postgres://localhost/none', CHATKIT_CONFIG });
  rmSync(folder, { recursive: true, force: true });
  expect(code).not.toBe(0);
  for (const path of [
    'deadlines.firstTokenMs',
    'providers[0].limits.concurrency',
    'models.smart.retries',
    'models.fast.fallback[0]',
  ]) {
    expect(output).toContain(path);
  }
});
