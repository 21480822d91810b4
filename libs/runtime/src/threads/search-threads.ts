import { z } from 'zod';
import type { Page, ThreadMetadata } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Database } from '../platform/database.js';
import {
  bigint,
  bool,
  joined,
  json,
  jsonb,
  nullable,
  query,
  type RowOf,
  text,
  timestamp,
  unprepared,
} from '../platform/statement.js';
import { transactionWithin } from '../platform/time-limit.js';
import { toThread } from './rows.js';
import { type SearchWords, type Snippet, snippetOf } from './search-words.js';

/** A thread that was found; without a snippet if its title is all that has the words. */
export interface FoundThread {
  readonly id: string;
  readonly thread: ThreadMetadata;
  readonly snippet?: (Snippet & { readonly itemId: string }) | undefined;
}

export interface SearchRequest extends SearchWords {
  readonly limit: number;
  /** Id of a thread: the page goes on behind it. */
  readonly after?: string | undefined;
}

/** Threads that one statement looks at. */
const THREADS_AT_ONCE = 10;
/** How much of the newest messages of one thread is searched, in bytes of their JSON. */
const SEARCHED_BYTES = 2 * 1024 * 1024;

interface SearchTimes {
  /** A page ends after this time, with what was found so far. */
  readonly pageMs: number;
  /** Postgres ends a statement after this time. */
  readonly statementMs: number;
}

const TIMES: SearchTimes = { pageMs: 1_000, statementMs: 2_000 };

const NEWEST = 2n ** 63n - 1n;

const SCANNED = {
  id: text(),
  title: nullable(text()),
  status: jsonb<unknown>(),
  allowedImageDomains: nullable(jsonb<unknown>()),
  metadata: jsonb<unknown>(),
  createdAt: timestamp(),
  position: bigint(),
  isFound: bool(),
  itemId: joined(text()),
  payload: joined(json<unknown>()),
};

/**
 * Looks at the caller's newest threads behind a position. A thread is found by its title, or by one message with all words.
 * By the text of the payload: operators for JSON refuse one with a NUL in it, which users may send. The size as stored is compressed,
 * but known without reading the text; so it decides what is read, and the size of the text what is searched.
 */
const SCAN = unprepared(
  'threads-search',
  `SELECT thread.id, thread.title, thread.status, thread.allowed_image_domains AS "allowedImageDomains", thread.metadata,
          thread.created_at AS "createdAt", thread.position,
          hit.id IS NOT NULL OR coalesce(thread.title, '') ~ ALL ($5::text[]) AS "isFound",
          hit.id AS "itemId", hit.payload
   FROM (SELECT * FROM threads WHERE tenant_id = $1 AND owner_id = $2 AND position < coalesce($3::bigint, ${NEWEST})
         ORDER BY position DESC LIMIT $4::int) AS thread
   LEFT JOIN LATERAL (
     SELECT near.id, near.payload FROM (
       SELECT id, payload, position, nth, sum(octet_length(payload::text)) OVER (ORDER BY position DESC) AS read FROM (
         SELECT id, payload, position, row_number() OVER (ORDER BY position DESC) AS nth,
                sum(pg_column_size(payload)) OVER (ORDER BY position DESC) AS stored FROM items
         WHERE thread_id = thread.id AND type IN ('user_message', 'assistant_message')
       ) AS newest
       WHERE cardinality($6::text[]) > 0 AND (nth = 1 OR stored <= $7::int)
     ) AS near
     WHERE (nth = 1 OR read <= $7::int) AND left(payload::text, $7::int) ~ ALL ($6::text[])
     ORDER BY position DESC LIMIT 1
   ) AS hit ON true
   ORDER BY thread.position DESC`,
  SCANNED,
);

/**
 * The caller's threads with all words in their title or in one message, newest first; without words, all threads. Nothing is
 * indexed for it, so that writing costs nothing and every language works: it reads the caller's own threads,
 * a bounded part at a time. A page may therefore have fewer threads than asked for, even none, and more behind it. Throws
 * `AppError` `cursor.not_found`, and `service.unavailable` if not even the first part could be looked through in time.
 */
export async function searchThreads(
  db: Database,
  auth: AuthContext,
  { limit, after, words, inTitle, inPayload }: SearchRequest,
  { pageMs, statementMs }: SearchTimes = TIMES,
): Promise<Page<FoundThread>> {
  const found: FoundThread[] = [];
  const deadline = performance.now() + pageMs;
  let lastId: string | undefined;
  for (let position = await positionOf(db, auth, after); ;) {
    const values = [auth.tenantId, auth.userId, position, THREADS_AT_ONCE, inTitle, inPayload, SEARCHED_BYTES];
    const rows = await transactionWithin(db.of(auth), statementMs, async (tx) => (await query(tx, SCAN, values)).rows);
    if (!rows && lastId === undefined) throw new AppError('service.unavailable', TOO_SLOW);
    if (!rows) return { data: found, has_more: true, after: lastId };
    found.push(...rows.filter(({ isFound }) => isFound).map((row) => toFound(row, words)));
    if (found.length > limit) {
      const data = found.slice(0, limit);
      return { data, has_more: true, after: data.at(-1)?.id };
    }
    const last = rows.at(-1);
    if (!last || rows.length < THREADS_AT_ONCE) return { data: found, has_more: false };
    if (performance.now() > deadline) return { data: found, has_more: true, after: last.id };
    [position, lastId] = [last.position, last.id];
  }
}

const TOO_SLOW = 'The search took too long. Try again, with fewer words.';
async function positionOf(db: Database, auth: AuthContext, id: string | undefined) {
  if (id === undefined) return undefined;
  const where = { id, tenantId: auth.tenantId, ownerId: auth.userId };
  const thread = id.includes('\0')
    ? null
    : await db.of(auth).prisma((prisma) => prisma.thread.findFirst({ where, select: { position: true } }));
  if (!thread) throw new AppError('cursor.not_found', `There is nothing with the id ${id} to go on from.`);
  return String(thread.position);
}

function toFound({ itemId, payload, ...row }: RowOf<typeof SCANNED>, words: readonly string[]): FoundThread {
  const thread = toThread(row);
  const snippet = itemId === null ? undefined : snippetOf(textsOf(payload), words);
  return { id: row.id, thread, ...(snippet && itemId !== null && { snippet: { ...snippet, itemId } }) };
}

const Message = z.object({
  content: z.array(z.looseObject({ text: z.string() })),
  quoted_text: z.string().optional(),
});

/** Of a message, in the order of reading. */
function textsOf(payload: unknown): string {
  const { data } = Message.safeParse(payload);
  return data ? [...data.content.map((part) => part.text), data.quoted_text ?? ''].join(' ') : '';
}
