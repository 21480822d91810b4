import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { resolveSecrets } from '#runtime';
import { resolveEngineSecrets } from './engine-secrets.mjs';

const folder = mkdtempSync(join(tmpdir(), 'engine-secrets-'));
const file = join(folder, 'password');
writeFileSync(file, 'p@ss:w/ord#1 %2f?"$\n');
const none = join(folder, 'none');
afterAll(() => rmSync(folder, { recursive: true }));

const address = { DATABASE_URL: 'postgresql://u@h/db', DATABASE_DIRECT_URL: 'postgresql://u@h:1/db' };

it.each<Record<string, string>>([
  { ...address, DATABASE_PASSWORD_FILE: file },
  { ...address, REDIS_URL: 'redis://h', REDIS_PASSWORD: 'a@b', DATABASE_PASSWORD: '' },
  { DATABASE_URL_FILE: file },
])('the launcher and the processes read %j alike', (given) => {
  const own: Record<string, string | undefined> = { ...given };
  resolveEngineSecrets(own);
  const { env } = resolveSecrets(given);
  for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'REDIS_URL']) expect(own[name]).toBe(env[name]);
  // What is in the URLs now is not given again.
  expect(resolveSecrets(own)).toEqual({ env: own, problems: [] });
});

it.each<Record<string, string>>([
  { DATABASE_URL: 'postgresql://u:p@h/db', DATABASE_PASSWORD: 'x' },
  { REDIS_URL: 'redis://h', REDIS_PASSWORD: 'x', REDIS_PASSWORD_FILE: file },
  { DATABASE_PASSWORD_FILE: none },
])('the launcher and the processes refuse %j with the same words', (given) => {
  const { problems } = resolveSecrets(given);
  expect(problems).toHaveLength(1);
  expect(() => resolveEngineSecrets({ ...given })).toThrow(problems[0]);
});

it('leaves a cluster, and what Sentinels know, their password', () => {
  for (const name of ['REDIS_CLUSTER_NODES', 'REDIS_SENTINELS']) {
    const own: Record<string, string | undefined> = { [name]: 'h:1', REDIS_PASSWORD_FILE: file };
    resolveEngineSecrets(own);
    expect(own).toEqual(resolveSecrets({ [name]: 'h:1', REDIS_PASSWORD_FILE: file }).env);
    expect(own['REDIS_PASSWORD']).toBe('p@ss:w/ord#1 %2f?"$');
  }
});
