import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Totals } from './totals.js';

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const REPORTER = fileURLToPath(new URL('reporter.ts', import.meta.url));

/** What the reporter sends of a run of these test files by a vitest of their own. */
async function totalsOf(files: Readonly<Record<string, string>>): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'chatkit-relay-reporter-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = ['run', '--globals', '--no-cache', '--root', folder, '--reporter', REPORTER];
  const vitest = fork(VITEST, args, { cwd: folder, silent: true });
  const [[totals]] = (await Promise.all([once(vitest, 'message'), once(vitest, 'close')])) as [[Totals], unknown];
  rmSync(folder, { recursive: true });
  return totals;
}

it('counts tests, and what fails outside of them', async () => {
  const totals = await totalsOf({
    'tests.test.js': `
      it('passes', () => {});
      it('fails', () => expect(1).toBe(2));
      it.skip('is skipped', () => {});`,
    'hooks.test.js': `
      describe('a hook', () => { afterAll(() => { throw new Error('left open'); }); it('passes', () => {}); });`,
    'load.test.js': `throw new Error('not loaded');`,
    'late.test.js': `it('passes', () => void Promise.reject(new Error('too late')));`,
  });
  expect(totals).toMatchObject({ passed: 3, failed: 4, skipped: 1 });
  expect(totals.problems.toSorted()).toEqual([
    'An error outside all tests: too late',
    'hooks.test.js > a hook failed outside its tests: left open',
    'load.test.js failed outside its tests: not loaded',
  ]);
});

it('names the tests that failed, and those that passed only when they were run again', async () => {
  const totals = await totalsOf({
    'flaky.test.js': `
      let tries = 0;
      describe('a suite', () => {
        it('passes at last', { retry: 1 }, () => expect(++tries).toBe(2));
        it('never passes', { retry: 1 }, () => expect(1).toBe(2));
        it('passes', { retry: 1 }, () => {});
      });`,
  });
  expect(totals).toMatchObject({
    passed: 2,
    failed: 1,
    flakyTests: ['flaky.test.js > a suite > passes at last'],
    failedTests: ['flaky.test.js > a suite > never passes'],
  });
});
