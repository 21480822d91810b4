const BEHIND_ALL = 2n ** 63n - 1n;

/** What a page is read from, in SQL. */
interface PageSource {
  readonly table: string;
  readonly columns: string;
  /** What is returned of them. */
  readonly returned: string;
  /** What a row counts. */
  readonly bytes: string;
  /** Whose rows; its parameters come first. */
  readonly where: string;
  /** The number of the first parameter behind those: a position, the most rows, the most bytes. */
  readonly bound: number;
}

/**
 * Rows behind a position, or from the start when that is null: so many at most, and none behind those that have so many bytes together,
 * but two where there are two. Row by row, so that Postgres reads no more than that either: a thousand rows may have a megabyte each.
 */
export function boundedPage(source: PageSource, order: 'asc' | 'desc'): string {
  const { table, columns, returned, bytes, where, bound } = source;
  const [isBehind, start] = order === 'asc' ? ['>', -1n] : ['<', BEHIND_ALL];
  const row = (more: string, position: string): string =>
    `SELECT ${columns}, position, ${bytes} AS bytes${more} FROM ${table}
     WHERE ${where} AND position ${isBehind} ${position} ORDER BY position ${order} LIMIT 1`;
  return `WITH RECURSIVE page AS (
       (${row(`, 1 AS number, (${bytes})::bigint AS total`, `coalesce($${bound}::bigint, ${start})`)})
       UNION ALL
       SELECT next.*, page.number + 1, page.total + next.bytes
       FROM page CROSS JOIN LATERAL (${row('', 'page.position')}) AS next
       WHERE page.number < $${bound + 1}::int AND (page.number = 1 OR page.total <= $${bound + 2}::bigint)
     )
     SELECT ${returned}, bytes FROM page`;
}
