import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Installation } from '../installation.js';
import { disk } from './disk.js';
import { connectionFix } from './postgres.js';

const diskOf = (dataDir: string) => disk.run({ dataDir } as Installation);

it.each([
  ['28P01', 'refuses this login: correct user and password'],
  ['3D000', 'Create the database'],
  ['ENOTFOUND', 'Correct the host'],
  ['53300', 'max_connections'],
  ['ECONNREFUSED', 'Start Postgres'],
  [undefined, 'Start Postgres'],
])('a connection that failed with %s: %s', (code, words) => {
  expect(connectionFix(Object.assign(new Error('no'), { code }))).toContain(words);
});

it.runIf(process.platform === 'linux')(
  'a folder that takes no files fails, whoever asks, and one that does is left empty',
  async () => {
    expect(await diskOf('/proc/none')).toEqual([
      expect.objectContaining({
        status: 'fail',
        message: expect.stringMatching(/^\/proc cannot be written to \(E[A-Z]+\)\.$/) as string,
      }),
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'doctor-disk-'));
    const [finding] = await diskOf(folder);
    expect(finding?.message).toContain('GB free');
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  },
);
