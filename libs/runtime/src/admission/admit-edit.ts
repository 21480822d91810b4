import { isHidden } from '#chatkit';
import { joined, query, text, unprepared } from '../platform/statement.js';
import { IS_LOGGED } from '../threads/logged-runs.js';
import { ITEM_COLUMNS, itemColumnsSql, toItem } from '../threads/rows.js';
import type { Admission } from './admit-follow-up.js';
import { dated, linkAttachments, storeUserItem } from './admit-message.js';
import { assertNoOpenTurn } from './apply-double-texting.js';
import { createRun, takePosition } from './create-run.js';
import { assertUnused } from './idempotency.js';
import { loadTarget, ofKind } from './target-items.js';
import type { Admitted, EditTurn } from './turn-request.js';

const DELETE_FROM = unprepared(
  'items-delete-from',
  `WITH gone AS (DELETE FROM items WHERE thread_id = $1 AND position >= $2 RETURNING ${itemColumnsSql}, position, run_id)
   SELECT ${itemColumnsSql},
          (SELECT runs.id FROM runs WHERE runs.id = gone.run_id AND ${IS_LOGGED}) AS logged
   FROM gone ORDER BY position`,
  { ...ITEM_COLUMNS, logged: joined(text()) },
);

/**
 * Replaces a user message: deletes it and everything after it, and stores the new one with its run, in one transaction under
 * the thread's lock, so that a refusal leaves the old one. Attachments that both have stay: those of deleted messages
 * are released at the commit. An open turn refuses it, whatever happens to messages that come while one is open.
 */
export async function admitEdit({ tx, limits, auth }: Admission, turn: EditTurn): Promise<Admitted> {
  const { threadId, runId } = turn;
  const { position, createdAt } = await takePosition(tx, auth, threadId);
  await assertUnused(tx, auth, turn.idempotency);
  const target = await loadTarget(tx, threadId, turn.replaces);
  ofKind(target.item, 'user_message');
  await assertNoOpenTurn(tx, threadId);
  const attachments = await linkAttachments(tx, auth, turn);
  const { rows } = await query(tx, DELETE_FROM, [threadId, target.position]);
  const removed = rows.map(toItem).flatMap((item) => (isHidden(item) ? [] : item.id));
  const userItem = dated({ ...turn.userItem, attachments }, createdAt);
  await storeUserItem(tx, auth, userItem, runId, position);
  const run = { position, triggerItemId: userItem.id, request: { ...turn.request, removed }, takesTurn: true };
  const logged = [...new Set(rows.flatMap((row) => row.logged ?? []))];
  return { dispatch: await createRun(tx, limits, auth, turn, run), userItem, removed, logged };
}
