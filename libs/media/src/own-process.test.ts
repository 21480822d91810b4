import { fork, type ForkOptions } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MediaError } from './media-error.js';
import { answerOf, residentMegabytes } from './own-process.js';
import { ReaderError } from './reader-error.js';

const folder = mkdtempSync(join(tmpdir(), 'own-process-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a process that does this with its task is taken to say of the file. */
function outcomeOf(code: string, { withinMs = 60_000, ...options }: ForkOptions & { readonly withinMs?: number } = {}) {
  const file = join(folder, 'reader.mjs');
  writeFileSync(file, `process.once('message', () => { ${code} }); process.once('disconnect', () => process.exit());`);
  const child = fork(file, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], ...options });
  return answerOf(child, { name: 'pdf', bytes: new Uint8Array() }, withinMs);
}

describe('a process that reads a file', () => {
  it('answers', async () => {
    await expect(outcomeOf('process.send({ result: 3 })')).resolves.toEqual({ result: 3 });
  });

  it.each<[string, string, Parameters<typeof outcomeOf>[1]?]>([
    ['does not start', '', { execPath: join(folder, 'none') }],
    ['fails', 'throw new Error()'],
    ['ends', 'process.exit(0)'],
    ['is ended by somebody else', `process.kill(process.pid, 'SIGKILL')`],
  ])('that %s says nothing of the file', async (_, code, options) => {
    await expect(outcomeOf(code, options)).rejects.toThrow(ReaderError);
  });

  it.each<[string, string, Parameters<typeof outcomeOf>[1]?]>([
    ['takes too long', 'setInterval(() => undefined, 1000)', { withinMs: 200 }],
    ['fills its heap', 'for (const all = []; ;) all.push({})', { execArgv: ['--max-old-space-size=16'] }],
  ])('that %s says that it is the file', async (_, code, options) => {
    await expect(outcomeOf(code, options)).rejects.toThrow(MediaError);
  });
});

it.runIf(process.platform === 'linux')('memory is told in megabytes', () => {
  const told = residentMegabytes(process.pid);
  const megabytes = process.memoryUsage.rss() / 1024 / 1024;
  expect(told / megabytes).toBeGreaterThan(0.8);
  expect(told / megabytes).toBeLessThan(1.25);
  expect(residentMegabytes(undefined)).toBe(0);
});
