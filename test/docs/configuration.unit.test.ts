import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { environmentSchema } from '#runtime';
import { parseEnvFile } from '../../tools/setup/env-file.mjs';
import { configReference } from './config-reference.js';
import { envExample } from './env-example.js';
import { environmentTables } from './environment-page.js';
import { ROOT } from './rules.js';

const PAGE = join(ROOT, 'docs/configuration.md');
const EXAMPLE = join(ROOT, '.env.example');

/** The page with what is made of the code between its marks. */
function withGenerated(page: string, name: string, text: string): string {
  const mark = `<!-- generated: ${name} -->`;
  const [before, rest = ''] = page.split(mark);
  const end = rest.indexOf('<!-- end -->');
  if (end < 0) throw new Error(`docs/configuration.md has no "${mark}" that ends.`);
  return `${before}${mark}\n\n${text}\n${rest.slice(end)}`;
}

it('docs/configuration.md is what the code says; `npm run docs:configuration` writes it anew', async () => {
  const tables = withGenerated(readFileSync(PAGE, 'utf8'), 'environment', environmentTables());
  const page = withGenerated(tables, 'config file', configReference());
  const options = { ...(await resolveConfig(PAGE)), parser: 'markdown' };
  await expect(await format(page, options)).toMatchFileSnapshot(PAGE);
});

it('.env.example has every variable; `npm run docs:configuration` writes it anew', async () => {
  await expect(envExample()).toMatchFileSnapshot(EXAMPLE);
});

it('.env.example can be read with every line in use', () => {
  const used = envExample().replaceAll(/^# (?=[A-Z0-9_]+=)/gm, '');
  const values = parseEnvFile(used, {});
  expect(Object.keys(values).length).toBeGreaterThan(100);
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  for (const role of ['api', 'worker'] as const) {
    expect(environmentSchema(role).safeParse(given).error?.issues).toBeUndefined();
  }
});
