import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { STATUS } from '../../apps/api/src/errors/error-answer.js';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const [, refusals = ''] = page.split('## Requests that are refused');

/** Those that are given before there is a handler, or when something unforeseen happens: they are in no closed set. */
const OTHERS = {
  'request.malformed': 400,
  'request.headers_too_large': 431,
  'route.not_found': 404,
  internal: 500,
};

it('every code of a refused request is on the page with its status, and no other', () => {
  const rows = [...refusals.matchAll(/^\| `([\w.]+)` +\| (\d+) +\|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  expect(Object.fromEntries(rows)).toEqual({ ...STATUS, ...OTHERS });
  expect(rows).toHaveLength(Object.keys({ ...STATUS, ...OTHERS }).length);
});
