import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { variableNames } from '#runtime';

/** Of the shell. */
const NOT_OURS = new Set(['PATH']);

it('what `npm start` reads by itself is what the registry says', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const read = files.flatMap((name) =>
    [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/\benv\.([A-Z][A-Z_]+)/g)].map(
      ([, one = '']) => one,
    ),
  );
  // Found by the script that starts it.
  const names = new Set([...read.filter((name) => !NOT_OURS.has(name)), 'DATA_DIR']);
  expect([...names].toSorted()).toEqual(variableNames('start').toSorted());
});
