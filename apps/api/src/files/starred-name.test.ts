import { expect, it } from 'vitest';
import { starredName } from './starred-name.js';

const form = (...dispositions: readonly string[]): string =>
  dispositions.map((one) => `--x\r\nContent-Disposition: form-data; ${one}\r\n\r\nvalue\r\n`).join('');

it.each<[string, string | undefined]>([
  [form(`name="file"; filename*=UTF-8''a%2522b%3B%20%E6%96%87%F0%9F%98%80.txt`), 'a%22b; 文😀.txt'],
  [form(`name="file"; filename="x.txt"; filename*=utf-8'en'100%25.txt`), '100%.txt'],
  [form(`name="file"; filename*=utf-8''b.txt; filename="x.txt"`), 'b.txt'],
  [form('name="thread"', `name="file"; FILENAME*=UTF-8''b.txt`), 'b.txt'],
  [form('name="file"; filename="a%22b.txt"'), undefined],
  [form(`name="file"; filename="a; filename*=utf-8''b.txt"`), undefined],
  [form(`name="file"; filename="a.txt"`, `name="other"; filename*=utf-8''b.txt`), undefined],
  [form(`name="file"; filename*=utf-8''%E6%96`), undefined],
  [form(`name="file"; filename*=shift_jis''b.txt`), undefined],
])('the name in %j is %s', (beginning, name) => {
  expect(starredName(beginning)).toBe(name);
});
