import { int, prepared } from '../platform/statement.js';
import { ROW_BYTES } from './page-size.js';
import { ITEM_COLUMNS, itemColumnsSql } from './rows.js';

const COLUMNS = { ...ITEM_COLUMNS, bytes: int() };

const BEHIND_ALL = 2n ** 63n - 1n;
const bytesSql = `octet_length(payload::text) + ${ROW_BYTES}`;

/**
 * Items of a thread, behind position $2 or from the start when that is null: $3 rows at most, and none behind those that have $4
 * bytes together, but two where there are two. Row by row, so that Postgres reads no more than that either: a thread may have a
 * thousand messages of a megabyte.
 */
const page = (label: string, isBehind: '>' | '<', start: bigint, order: string) =>
  prepared(
    label,
    `WITH RECURSIVE page AS (
       (SELECT ${itemColumnsSql}, position, ${bytesSql} AS bytes, 1 AS number, ${bytesSql}::bigint AS total
        FROM items WHERE thread_id = $1 AND position ${isBehind} coalesce($2::bigint, ${start}) ${order} LIMIT 1)
       UNION ALL
       SELECT next.*, page.number + 1, page.total + next.bytes
       FROM page CROSS JOIN LATERAL (
         SELECT ${itemColumnsSql}, position, ${bytesSql} AS bytes FROM items
         WHERE thread_id = $1 AND position ${isBehind} page.position ${order} LIMIT 1
       ) AS next
       WHERE page.number < $3::int AND (page.number = 1 OR page.total <= $4::bigint)
     )
     SELECT ${itemColumnsSql}, bytes FROM page`,
    COLUMNS,
  );

export const LOAD_PAGE = {
  asc: page('store-items-asc', '>', -1n, 'ORDER BY position'),
  desc: page('store-items-desc', '<', BEHIND_ALL, 'ORDER BY position DESC'),
};
