import { expect, it } from 'vitest';
import { formatCount, formatSize } from './format-size.js';

it.each([
  [0, '0 byte'],
  [900, '900 byte'],
  [1536, '1.5 kB'],
  [20 * 1024 * 1024, '20 MB'],
  [3 * 1024 ** 4, '3,072 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

it('says a number of tokens in few digits', () => {
  expect([formatCount(8_192), formatCount(1_000_000)]).toEqual(['8.2K', '1M']);
});
