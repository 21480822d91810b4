import type { Page } from '#chatkit';

/** A page has at most this many rows, however many are asked for [PG-1]. */
export const MAX_PAGE_ROWS = 1_000;
/** A page has about this many bytes at most, but always one row, however large. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** What the columns of a row add to its payload on the wire. */
export const ROW_BYTES = 200;

/**
 * The page of the rows that were read, one more than `limit` if there are more. Rows that would make it too large are left to
 * the next page; what is left out is never converted.
 */
export function cutPage<Row, T extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  bytesOf: (row: Row) => number,
  convert: (row: Row) => T,
): Page<T> {
  let bytes = 0;
  let count = 0;
  for (const row of rows.slice(0, limit)) {
    bytes += bytesOf(row);
    if (count > 0 && bytes > MAX_PAGE_BYTES) break;
    count++;
  }
  const data = rows.slice(0, count).map(convert);
  return rows.length > count ? { data, has_more: true, after: data.at(-1)?.id } : { data, has_more: false };
}
