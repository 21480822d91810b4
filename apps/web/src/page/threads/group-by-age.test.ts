import { expect, it } from 'vitest';
import { groupByAge } from './group-by-age.js';

const thread = (id: string, ...date: [number, number, number, number]) => ({
  id,
  created_at: new Date(...date).toISOString(),
});

it('puts threads under headings by the calendar', () => {
  const now = new Date(2026, 5, 15, 9, 30);
  const groups = groupByAge(
    [
      thread('a', 2026, 5, 15, 8),
      thread('b', 2026, 5, 14, 23),
      thread('c', 2026, 5, 1, 0),
      thread('d', 2025, 5, 15, 0),
    ],
    now,
  );
  expect(groups.map(({ name, threads }) => [name, threads.map(({ id }) => id)])).toEqual([
    ['Today', ['a']],
    ['Last 7 days', ['b']],
    ['Last 30 days', ['c']],
    ['Older', ['d']],
  ]);
});
