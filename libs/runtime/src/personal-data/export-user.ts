import type { AttachmentFiles } from '../attachments/attachment-files.js';
import type { Database } from '../platform/database.js';
import {
  bigint,
  bool,
  type Columns,
  float,
  instant,
  int,
  json,
  jsonb,
  nullable,
  query,
  type Statement,
  text,
  texts,
  unprepared,
} from '../platform/statement.js';
import type { Owner } from '../runs/release.js';

/** Rows that are in memory at a time. */
const PAGE = 200;
/** Bytes of a file in one line, a multiple of 3, so that the lines of a file joined are its Base64. */
const FILE_CHUNK = 192 * 1024;

/** Bytes of content of these rows; the last one may go beyond it. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** What an export reads of a table. */
interface Pages<Of extends Columns> {
  readonly table: string;
  /** The parameters of the scope, then those of where the page begins. */
  readonly where: string;
  readonly order: string;
  /** Of what has no bound of its own in a row, in bytes. */
  readonly bytes: string;
  readonly columns: string;
  readonly types: Of;
}

/** Reads the content of no more rows than fit: a thousand messages of a megabyte are as many pages. */
const paged = <Of extends Columns>(label: string, { table, where, order, bytes, columns, types }: Pages<Of>) =>
  unprepared(
    label,
    `WITH page AS (
       SELECT *, ctid AS place FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT ${PAGE}
     ), sized AS MATERIALIZED (
       SELECT place, sum(own_bytes) OVER (ORDER BY ${order}) - own_bytes AS bytes_before
       FROM (SELECT *, ${bytes} AS own_bytes FROM page) AS entry
     ), fitting AS MATERIALIZED (SELECT place FROM sized WHERE bytes_before < ${PAGE_BYTES})
     SELECT ${columns}, (SELECT count(*) FROM sized) = ${PAGE}
              OR (SELECT count(*) FROM fitting) < (SELECT count(*) FROM sized) AS "hasMore"
     FROM ${table} WHERE ctid = ANY(ARRAY(SELECT place FROM fitting)) ORDER BY ${order}`,
    { ...types, hasMore: bool() },
  );

/** $1 tenant, $2 user, $3 where the page begins. */
const THREADS = paged('export-threads', {
  table: 'threads',
  where: 'tenant_id = $1 AND owner_id = $2 AND position > $3::bigint',
  order: 'position',
  bytes: 'octet_length(metadata::text)',
  columns: 'id, title, status, metadata, position, created_at AS "createdAt"',
  types: {
    id: text(),
    title: nullable(text()),
    status: jsonb<object>(),
    metadata: jsonb<object>(),
    position: bigint(),
    createdAt: instant(),
  },
});

/** $1 thread, $2 where the page begins. */
const ITEMS = paged('export-items', {
  table: 'items',
  where: 'thread_id = $1 AND position > $2::bigint',
  order: 'position',
  bytes: 'octet_length(payload::text)',
  columns: 'id, type AS "itemType", payload, position, created_at AS "createdAt"',
  types: { id: text(), itemType: text(), payload: json<object>(), position: bigint(), createdAt: instant() },
});

const FEEDBACK = paged('export-feedback', {
  table: 'feedback',
  where: 'thread_id = $1 AND id > $2',
  order: 'id',
  bytes: 'octet_length(item_ids::text)',
  columns: 'id, item_ids AS "itemIds", kind, created_at AS "createdAt"',
  types: { id: text(), itemIds: nullable(texts()), kind: text(), createdAt: instant() },
});

const RUN = {
  order: 'id',
  bytes: `octet_length(request::text) + coalesce(octet_length(error_detail), 0) + coalesce(octet_length(steps::text), 0)
    + coalesce(octet_length(context::text), 0)`,
  columns: `id, trigger, state, assistant_id AS "assistantId", model, input_tokens AS "inputTokens", output_tokens AS "outputTokens",
    request, context, error_code AS "errorCode", error_detail AS "errorDetail", user_error AS "userError", steps,
    created_at AS "createdAt"`,
  types: {
    id: text(),
    trigger: text(),
    state: text(),
    assistantId: text(),
    model: nullable(text()),
    inputTokens: nullable(int()),
    outputTokens: nullable(int()),
    request: json<object>(),
    context: nullable(jsonb<object>()),
    errorCode: nullable(text()),
    errorDetail: nullable(text()),
    userError: nullable(json<object>()),
    steps: nullable(jsonb<object>()),
    createdAt: instant(),
  },
} as const;

const RUNS = paged('export-runs', { table: 'runs', where: 'thread_id = $1 AND id > $2', ...RUN });
const COMPLETIONS = paged('export-completions', {
  table: 'runs',
  where: 'tenant_id = $1 AND owner_id = $2 AND thread_id IS NULL AND id > $3',
  ...RUN,
});

/** What an assistant's code is being asked; there are few, and none is older than some minutes. */
const CALLS = paged('export-calls', {
  table: 'calls',
  where: 'tenant_id = $1 AND owner_id = $2 AND id > $3',
  order: 'id',
  bytes: 'octet_length(payload::text) + octet_length(context::text) + coalesce(octet_length(reply::text), 0)',
  columns: 'id, kind, assistant_id AS "assistantId", payload, context, state, reply, created_at AS "createdAt"',
  types: {
    id: text(),
    kind: text(),
    assistantId: text(),
    payload: json<object>(),
    context: json<object>(),
    state: text(),
    reply: nullable(json<object>()),
    createdAt: instant(),
  },
});

const ATTACHMENTS = paged('export-attachments', {
  table: 'attachments',
  where: 'tenant_id = $1 AND owner_id = $2 AND id > $3',
  order: 'id',
  bytes: 'octet_length(metadata::text)',
  columns: 'id, thread_id AS "threadId", name, mime_type AS "mimeType", size, metadata, created_at AS "createdAt"',
  types: {
    id: text(),
    threadId: nullable(text()),
    name: text(),
    mimeType: text(),
    size: nullable(bigint()),
    metadata: jsonb<object>(),
    createdAt: instant(),
  },
});

const USAGE = unprepared(
  'export-usage',
  `SELECT run_id AS id, fence, provider, model, calls, input_tokens::float8 AS "inputTokens",
          output_tokens::float8 AS "outputTokens", cost_micros::float8 AS "costMicros", created_at AS "createdAt",
          count(*) OVER () = ${PAGE} AS "hasMore"
   FROM model_usage WHERE tenant_id = $1 AND owner_id = $2 AND (run_id, fence, provider, model) > ($3, $4::int, $5, $6)
   ORDER BY run_id, fence, provider, model LIMIT ${PAGE}`,
  {
    id: text(),
    fence: int(),
    provider: text(),
    model: text(),
    calls: int(),
    inputTokens: float(),
    outputTokens: float(),
    costMicros: nullable(float()),
    createdAt: instant(),
    hasMore: bool(),
  },
);

type UsageRow = { readonly id: string; readonly fence: number; readonly provider: string; readonly model: string };

/** A line of an export: what it is, and its fields. */
export type ExportLine = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface ExportOptions {
  /** Also the bytes of the attachments, as lines of Base64. */
  readonly withFiles: boolean;
}

/**
 * Everything that is stored of one user of one tenant, in pages of 200 rows or 4 MB: no more than one is in memory. The first line tells the
 * format; the last one counts the others by type, so that a file that was cut can be told from a whole one. Not one
 * snapshot: what changes during the export may be in it or not.
 */
export async function* exportUser(
  db: Database,
  files: Pick<AttachmentFiles, 'read'>,
  owner: Owner,
  options: ExportOptions,
): AsyncGenerator<ExportLine> {
  const counts: Record<string, number> = {};
  yield { type: 'export', version: 1, tenant: owner.tenantId, user: owner.ownerId };
  for await (const line of content(db, files, [owner.tenantId, owner.ownerId], options)) {
    counts[line.type] = (counts[line.type] ?? 0) + 1;
    yield line;
  }
  yield { type: 'end', counts };
}

async function* content(
  db: Database,
  files: Pick<AttachmentFiles, 'read'>,
  owner: readonly string[],
  { withFiles }: ExportOptions,
): AsyncGenerator<ExportLine> {
  for await (const { position: _, ...thread } of pages(db, THREADS, owner, ['0'], (row) => [row.position])) {
    yield { type: 'thread', ...thread };
    yield* contentOfThread(db, thread.id);
  }
  for await (const run of pages(db, COMPLETIONS, owner, [''], byId)) yield { type: 'completion', ...run };
  for await (const call of pages(db, CALLS, owner, [''], byId)) yield { type: 'call', ...call };
  for await (const attachment of pages(db, ATTACHMENTS, owner, [''], byId)) {
    yield { type: 'attachment', ...attachment };
    if (withFiles) yield* bytesOf(files, attachment.id);
  }
  for await (const { fence: _, ...usage } of pages(db, USAGE, owner, ['', 0, '', ''], usageKey))
    yield { type: 'usage', ...usage };
}

async function* contentOfThread(db: Database, threadId: string): AsyncGenerator<ExportLine> {
  for await (const { position: _, ...item } of pages(db, ITEMS, [threadId], ['0'], (row) => [row.position])) {
    yield { type: 'item', threadId, ...item };
  }
  for await (const run of pages(db, RUNS, [threadId], [''], byId)) yield { type: 'run', threadId, ...run };
  for await (const row of pages(db, FEEDBACK, [threadId], [''], byId)) yield { type: 'feedback', threadId, ...row };
}

async function* bytesOf(files: Pick<AttachmentFiles, 'read'>, id: string): AsyncGenerator<ExportLine> {
  const file = await files.read(id);
  if (!file) return;
  let rest = Buffer.alloc(0);
  for await (const chunk of file.stream as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= FILE_CHUNK) {
      yield { type: 'file', attachmentId: id, base64: rest.subarray(0, FILE_CHUNK).toString('base64') };
      rest = rest.subarray(FILE_CHUNK);
    }
  }
  yield { type: 'file', attachmentId: id, base64: rest.toString('base64') };
}

const byId = ({ id }: { readonly id: string }): readonly string[] => [id];
const usageKey = ({ id, fence, provider, model }: UsageRow): readonly unknown[] => [id, fence, provider, model];

/** All rows of a statement whose last parameters are where its page begins. */
async function* pages<Row extends { readonly hasMore: boolean }>(
  db: Database,
  statement: Statement<Row>,
  values: readonly unknown[],
  start: readonly unknown[],
  keyOf: (row: Row) => readonly unknown[],
): AsyncGenerator<Omit<Row, 'hasMore'>> {
  for (let after = start; ;) {
    const { rows } = await query(db.system, statement, [...values, ...after]);
    for (const { hasMore: _, ...row } of rows) yield row;
    const last = rows.at(-1);
    if (!last?.hasMore) return;
    after = keyOf(last);
  }
}
