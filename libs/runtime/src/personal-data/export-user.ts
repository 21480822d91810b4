import type { AttachmentFiles } from '../attachments/attachment-files.js';
import type { Database } from '../platform/database.js';
import {
  bigint,
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

/** $1 tenant, $2 user, $3 where the page begins. */
const THREADS = unprepared(
  'export-threads',
  `SELECT id, title, status, metadata, position, created_at AS "createdAt" FROM threads
   WHERE tenant_id = $1 AND owner_id = $2 AND position > $3::bigint ORDER BY position LIMIT ${PAGE}`,
  {
    id: text(),
    title: nullable(text()),
    status: jsonb<object>(),
    metadata: jsonb<object>(),
    position: bigint(),
    createdAt: instant(),
  },
);

/** $1 thread, $2 where the page begins. */
const ITEMS = unprepared(
  'export-items',
  `SELECT id, type AS "itemType", payload, position, created_at AS "createdAt" FROM items
   WHERE thread_id = $1 AND position > $2::bigint ORDER BY position LIMIT ${PAGE}`,
  { id: text(), itemType: text(), payload: json<object>(), position: bigint(), createdAt: instant() },
);

const FEEDBACK = unprepared(
  'export-feedback',
  `SELECT id, item_ids AS "itemIds", kind, created_at AS "createdAt" FROM feedback WHERE thread_id = $1 ORDER BY id`,
  { id: text(), itemIds: nullable(texts()), kind: text(), createdAt: instant() },
);

const RUN = {
  id: text(),
  trigger: text(),
  state: text(),
  assistantId: text(),
  model: nullable(text()),
  inputTokens: nullable(int()),
  outputTokens: nullable(int()),
  request: json<object>(),
  createdAt: instant(),
};
const RUN_COLUMNS = `id, trigger, state, assistant_id AS "assistantId", model, input_tokens AS "inputTokens",
  output_tokens AS "outputTokens", request, created_at AS "createdAt"`;

const RUNS = unprepared(
  'export-runs',
  `SELECT ${RUN_COLUMNS} FROM runs WHERE thread_id = $1 ORDER BY created_at, id`,
  RUN,
);
const COMPLETIONS = unprepared(
  'export-completions',
  `SELECT ${RUN_COLUMNS} FROM runs
   WHERE tenant_id = $1 AND owner_id = $2 AND thread_id IS NULL AND id > $3 ORDER BY id LIMIT ${PAGE}`,
  RUN,
);

const ATTACHMENTS = unprepared(
  'export-attachments',
  `SELECT id, thread_id AS "threadId", name, mime_type AS "mimeType", size, metadata, created_at AS "createdAt"
   FROM attachments WHERE tenant_id = $1 AND owner_id = $2 AND id > $3 ORDER BY id LIMIT ${PAGE}`,
  {
    id: text(),
    threadId: nullable(text()),
    name: text(),
    mimeType: text(),
    size: nullable(bigint()),
    metadata: jsonb<object>(),
    createdAt: instant(),
  },
);

const USAGE = unprepared(
  'export-usage',
  `SELECT run_id AS id, fence, provider, model, calls, input_tokens::float8 AS "inputTokens",
          output_tokens::float8 AS "outputTokens", cost_micros::float8 AS "costMicros", created_at AS "createdAt"
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
 * Everything that is stored of one user of one tenant, in pages: no more than one is in memory. The first line tells the
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
  for (const run of (await query(db.system, RUNS, [threadId])).rows) yield { type: 'run', threadId, ...run };
  for (const row of (await query(db.system, FEEDBACK, [threadId])).rows) yield { type: 'feedback', threadId, ...row };
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
async function* pages<Row extends object>(
  db: Database,
  statement: Statement<Row>,
  values: readonly unknown[],
  start: readonly unknown[],
  keyOf: (row: Row) => readonly unknown[],
): AsyncGenerator<Row> {
  for (let after = start; ;) {
    const { rows } = await query(db.system, statement, [...values, ...after]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = keyOf(last);
  }
}
