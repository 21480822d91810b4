import { int, jsonb, nullable, prepared, text, timestamp } from '../platform/statement.js';
import { ROW_BYTES } from './page-size.js';

const COLUMNS = {
  id: text(),
  title: nullable(text()),
  status: jsonb<unknown>(),
  allowedImageDomains: nullable(jsonb<unknown>()),
  metadata: jsonb<unknown>(),
  createdAt: timestamp(),
  bytes: int(),
};

const BEHIND_ALL = 2n ** 63n - 1n;
/** Its title, its status and what is private of it. */
const bytesSql = `coalesce(octet_length(title), 0) + octet_length(status::text) + octet_length(metadata::text)
  + coalesce(octet_length(allowed_image_domains::text), 0) + ${ROW_BYTES}`;
const columnsSql = 'id, title, status, allowed_image_domains, metadata, created_at, position';

/**
 * Threads of tenant $1 and user $2, behind position $3 or from the start when that is null: $4 rows at most, and none behind those
 * that have $5 bytes together, but two where there are two. Row by row, as the items of a thread are read.
 */
const page = (label: string, isBehind: '>' | '<', start: bigint, order: string) =>
  prepared(
    label,
    `WITH RECURSIVE page AS (
       (SELECT ${columnsSql}, ${bytesSql} AS bytes, 1 AS number, (${bytesSql})::bigint AS total
        FROM threads WHERE tenant_id = $1 AND owner_id = $2 AND position ${isBehind} coalesce($3::bigint, ${start})
        ${order} LIMIT 1)
       UNION ALL
       SELECT next.*, page.number + 1, page.total + next.bytes
       FROM page CROSS JOIN LATERAL (
         SELECT ${columnsSql}, ${bytesSql} AS bytes FROM threads
         WHERE tenant_id = $1 AND owner_id = $2 AND position ${isBehind} page.position ${order} LIMIT 1
       ) AS next
       WHERE page.number < $4::int AND (page.number = 1 OR page.total <= $5::bigint)
     )
     SELECT id, title, status, allowed_image_domains AS "allowedImageDomains", metadata, created_at AS "createdAt", bytes
     FROM page`,
    COLUMNS,
  );

export const LOAD_THREADS = {
  asc: page('store-threads-asc', '>', -1n, 'ORDER BY position'),
  desc: page('store-threads-desc', '<', BEHIND_ALL, 'ORDER BY position DESC'),
};
