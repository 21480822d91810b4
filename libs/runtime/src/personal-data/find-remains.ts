import type { AttachmentFiles } from '../attachments/attachment-files.js';
import type { EventEngine } from '../events/event-engine.js';
import type { Database } from '../platform/database.js';
import { int, nullable, query, text, unprepared } from '../platform/statement.js';

/** Where something was found, and how many rows, keys or files have it. */
export interface Remains {
  /** `postgres`, `redis` or `files`. */
  readonly where: string;
  /** The table, the key or the attachment. */
  readonly name: string;
  readonly count: number;
}

/** Knows nothing of the schema on purpose, but that one table holds nothing of a person and must not be guessed at: a table that was forgotten by the erasure is not forgotten here. */
const TABLES = unprepared(
  'remains-tables',
  `SELECT format('%I.%I', n.nspname, c.relname) AS name,
          (pg_relation_size(c.oid) / current_setting('block_size')::int)::int AS blocks
   FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname NOT IN ('_prisma_migrations', 'signing_keys') ORDER BY 1`,
  { name: text(), blocks: int() },
);

/** $1: a table, $2 and $3: from and before which row, $4: the texts. By way of XML, because a table cannot be a parameter. */
const FIND = unprepared(
  'remains-find',
  `SELECT (xpath('/row/count/text()', query_to_xml(format(
     'SELECT count(*) AS count FROM %s AS entry WHERE entry.ctid >= %L::tid AND entry.ctid < %L::tid
        AND EXISTS (SELECT 1 FROM unnest(%L::text[]) AS needle WHERE strpos(entry::text, needle) > 0)',
     $1::text, $2::text, $3::text, $4::text[]), false, true, '')))[1]::text AS count`,
  { count: nullable(text()) },
);

/** Blocks of 8 kB that one statement reads: none runs longer than a statement may. */
const BLOCKS_AT_ONCE = 4_000;

/**
 * Looks for texts (ids, names, sentences) in every row of every table as text, in every key and value of Redis, and among the
 * stored files, uploads that were never finished included, by their ids. Slow: reads everything. For the proof that nothing of a person is left.
 */
export async function findRemains(
  db: Database,
  engine: EventEngine,
  files: Pick<AttachmentFiles, 'holds'>,
  needles: readonly string[],
): Promise<Remains[]> {
  return [
    ...(await inPostgres(db, needles)),
    ...(await engine.findTexts(needles)).map(({ name, count }) => ({ where: engine.kind, name, count })),
    ...(await inFiles(files, needles)),
  ];
}

async function inPostgres(db: Database, needles: readonly string[]): Promise<Remains[]> {
  const found: Remains[] = [];
  for (const { name, blocks } of (await query(db.system, TABLES)).rows) {
    const count = await countIn(db, name, blocks, needles);
    if (count > 0) found.push({ where: 'postgres', name, count });
  }
  return found;
}

async function countIn(db: Database, table: string, blocks: number, needles: readonly string[]): Promise<number> {
  let count = 0;
  for (let from = 0; from <= blocks; from += BLOCKS_AT_ONCE) {
    const range = [`(${from},0)`, `(${from + BLOCKS_AT_ONCE},0)`];
    const { rows } = await query(db.system, FIND, [table, ...range, needles]);
    count += Number(rows[0]?.count ?? 0);
  }
  return count;
}

async function inFiles(files: Pick<AttachmentFiles, 'holds'>, needles: readonly string[]): Promise<Remains[]> {
  const found: Remains[] = [];
  for (const needle of needles.filter((name) => name.startsWith('atc_'))) {
    if (await files.holds(needle)) found.push({ where: 'files', name: needle, count: 1 });
  }
  return found;
}
