import type { Page, ThreadItem } from '#chatkit';
import type { PageRequest } from '#runtime';

/**
 * Adds the open items of live runs, which are newer than all stored ones, to the page on which they belong: the last one in
 * ascending order, the first one in descending order. If an item has been stored in the meantime, the stored one stays. The page's cursors do
 * not change [PG-2].
 */
export function withOpenItems(
  page: Page<ThreadItem>,
  open: readonly ThreadItem[],
  { order, after }: Pick<PageRequest, 'order' | 'after'>,
): Page<ThreadItem> {
  const stored = new Set(page.data.map(({ id }) => id));
  const added = open.filter(({ id }) => !stored.has(id));
  if (order === 'asc') return page.has_more ? page : { ...page, data: [...page.data, ...added] };
  return after === undefined ? { ...page, data: [...added.toReversed(), ...page.data] } : page;
}
