import { expect, it } from 'vitest';
import type { ThreadItem } from '#chatkit';
import { anAssistantMessage } from '#chatkit/testing';
import { withOpenItems } from './with-open-items.js';

const item = (id: string): ThreadItem => anAssistantMessage({ id });
const stored = [item('a'), item('b')];
const open = [item('c'), item('d')];
const idsOf = (hasMore: boolean, page: { order: 'asc' | 'desc'; after?: string }): string =>
  withOpenItems({ data: stored, has_more: hasMore }, open, page)
    .data.map(({ id }) => id)
    .join('');

it('open items are at the end of the last page in ascending order', () => {
  expect(idsOf(false, { order: 'asc' })).toBe('abcd');
  expect(idsOf(false, { order: 'asc', after: 'x' })).toBe('abcd');
  expect(idsOf(true, { order: 'asc' })).toBe('ab');
});

it('open items are at the beginning of the first page in descending order', () => {
  expect(idsOf(true, { order: 'desc' })).toBe('dcab');
  expect(idsOf(false, { order: 'desc', after: 'x' })).toBe('ab');
});

it('an item that has been stored in the meantime is shown once, as it is stored', () => {
  const page = withOpenItems({ data: stored, has_more: false }, [item('b'), item('c')], { order: 'asc' });
  expect(page.data.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(page.data[1]).toBe(stored[1]);
});
