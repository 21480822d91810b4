import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from '../support/commands.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** Of the API, of the worker, and of the file that both read; the last one only looks like a setting. */
const PORT = 'PORT: must be a whole number from 0 to 65535';
const CONCURRENCY = 'WORKER_CONCURRENCY: must be a whole number from 1 to 10000';
const FILE = expect.stringMatching(
  /chatkit\.config\.yaml:1: doubleTexting: must be one of .*did you mean "enqueue"\?$/,
);
const REDIS = 'REDIS_ULR: nothing reads this variable; did you mean "REDIS_URL"?';
const WARNING = 'S3_BUKET: nothing reads this variable; did you mean "S3_BUCKET"?';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-start-'));
  writeFileSync(join(folder, 'chatkit.config.yaml'), 'doubleTexting: enque\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command of the product with these mistakes until it ends. It leads a process group of its own. */
async function start(command: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn('npm', command, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment({
      CHATKIT_CONFIG: join(folder, 'chatkit.config.yaml'),
      DATA_DIR: join(folder, 'data'),
      PORT: 'eighty',
      WORKER_CONCURRENCY: '0',
      REDIS_ULR: 'redis://127.0.0.1:1',
      S3_BUKET: 'files',
      ...more,
    }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return { code, output, errors: lines.map((line) => JSON.parse(line) as object), group: child.pid ?? 0 };
}

const leavesNothing = (group: number): void => {
  expect(() => process.kill(-group, 0)).toThrow('ESRCH');
  expect(existsSync(join(folder, 'data')) ? readdirSync(join(folder, 'data')) : []).toEqual([]);
};

describe('a wrong configuration ends the start once, with all mistakes', () => {
  it.each([
    ['start:api', 'api', [PORT, REDIS, FILE]],
    ['start:worker', 'worker', [CONCURRENCY, REDIS, FILE]],
  ])('npm run %s', async (command, name, problems) => {
    const { code, errors, group } = await start(['run', '-s', command], { DATABASE_URL: 'postgresql://127.0.0.1:1/x' });
    expect([code, errors]).toEqual([78, [expect.objectContaining({ level: 60, name, problems, warnings: [WARNING] })]]);
    leavesNothing(group);
  });

  it('npm start: the mistakes of both, before anything is started', async () => {
    const { code, errors, output, group } = await start(['start', '--silent']);
    const problems = [PORT, REDIS, FILE, CONCURRENCY];
    expect([code, errors]).toEqual([
      78,
      [expect.objectContaining({ level: 60, name: 'launcher', problems, warnings: [WARNING] })],
    ]);
    expect(output).not.toMatch(/migration|Starting|again/i);
    leavesNothing(group);
  });
});
