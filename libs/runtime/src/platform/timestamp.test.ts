import { expect, it } from 'vitest';
import { toTimestamp } from './timestamp.js';

it.each([
  ['2026-11-29 16:00:00+00', '2026-11-29T16:00:00.000Z'],
  ['2026-11-29 16:00:00.5+00', '2026-11-29T16:00:00.500Z'],
  ['2026-11-29T16:00:00.123+00:00', '2026-11-29T16:00:00.123Z'],
  ['2026-11-29T16:00:00.1234+00:00', '2026-11-29T16:00:00.123400Z'],
  ['1969-12-31 23:59:59.000001+00', '1969-12-31T23:59:59.000001Z'],
])('%s is %s', (written, timestamp) => {
  expect(toTimestamp(written)).toBe(timestamp);
});

it.each(['2026-11-29 16:00:00+09', '29.11.2026 16:00:00 UTC', 'infinity', ''])('%j is an error', (written) => {
  expect(() => toTimestamp(written)).toThrow('not a timestamp of a session in UTC');
});
