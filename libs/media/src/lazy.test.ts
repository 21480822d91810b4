import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LIBRARIES = /^import (?!type\b).*from '(sharp|file-type|pdfjs-dist|libheif-js)/m;

it('no library is loaded before there is a file to read: a chat of texts does without their memory', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => /(?<!\.test)\.ts$/.test(name));
  expect(sources.length).toBeGreaterThan(8);
  const eager = sources.filter((name) => LIBRARIES.test(readFileSync(join(import.meta.dirname, name), 'utf8')));
  expect(eager).toEqual([]);
  expect("import sharp from 'sharp';").toMatch(LIBRARIES);
});
