import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { Database } from '../platform/database.js';
import { int, prepared, query, text } from '../platform/statement.js';

/** Thumbs up or down for some items of a thread. */
export interface Feedback {
  readonly threadId: string;
  readonly itemIds: readonly string[];
  readonly kind: 'positive' | 'negative';
}

/** The thread is locked while the row is inserted, so that it cannot be deleted in between. */
const ADD = prepared(
  'feedback-add',
  `
    WITH thread AS (
      SELECT id FROM threads WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 FOR KEY SHARE
    ), known AS (
      SELECT count(*)::int AS n FROM items WHERE thread_id = $1 AND id = ANY($4::text[])
    ), stored AS (
      INSERT INTO feedback (id, tenant_id, owner_id, thread_id, item_ids, kind)
      SELECT 'fbk_' || replace(gen_random_uuid()::text, '-', ''), $2, $3, thread.id, $4, $5 FROM thread, known
      WHERE known.n = cardinality($4::text[])
    )
    SELECT known.n FROM thread, known`,
  { n: int() },
);

/** What the owner of a thread thinks of one of its items. */
export interface GivenFeedback {
  readonly itemId: string;
  readonly kind: Feedback['kind'];
}

/** How many of the newest are read: a thread has as many as its owner has clicked. */
const NEWEST = 1_000;

/** The last opinion about each item. */
const LIST = prepared(
  'feedback-list',
  `
    SELECT DISTINCT ON (item_id) item_id AS "itemId", kind
    FROM (
      SELECT item_ids, kind, created_at FROM feedback WHERE thread_id = $1 AND tenant_id = $2 AND owner_id = $3
      ORDER BY created_at DESC LIMIT ${NEWEST}
    ) AS newest, unnest(item_ids) AS item_id
    ORDER BY item_id, created_at DESC`,
  { itemId: text(), kind: text<Feedback['kind']>() },
);

@Injectable()
export class FeedbackStore {
  constructor(private readonly db: Database) {}

  /** Throws `AppError` `thread.not_found`, and `item.not_found` when an item is not in this thread. */
  async add(auth: AuthContext, { threadId, itemIds, kind }: Feedback): Promise<void> {
    const ids = [...new Set(itemIds)];
    const values = [threadId, auth.tenantId, auth.userId, ids, kind];
    const { rows } = await query(this.db.of(auth), ADD, values);
    const [known] = rows;
    if (!known) throw new AppError('thread.not_found', `There is no thread ${threadId}.`);
    if (known.n < ids.length) throw new AppError('item.not_found', `Not all items are in thread ${threadId}.`);
  }

  /** Empty for a thread that does not exist, or is somebody else's. */
  async list(auth: AuthContext, threadId: string): Promise<readonly GivenFeedback[]> {
    const { rows } = await query(this.db.of(auth), LIST, [threadId, auth.tenantId, auth.userId]);
    return rows;
  }
}
