import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { newId, type ThreadItem, toPayload } from '#chatkit';
import { until } from '../../support/chat.js';
import type { Relay } from '../../support/relay.js';

const moment = () => new Date().toISOString();

/** Puts an item at the end of a thread, as if an assistant had made it. */
export async function putItem(relay: Relay, item: ThreadItem): Promise<void> {
  await relay.query(
    `WITH thread AS (
       UPDATE threads SET last_position = last_position + 1 WHERE id = $1 RETURNING id, tenant_id, owner_id, last_position
     )
     INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, type, payload, created_at)
     SELECT id, $2, tenant_id, owner_id, last_position, last_position, $3, $4::json, $5 FROM thread`,
    [item.thread_id, item.id, item.type, JSON.stringify(toPayload(item)), item.created_at],
  );
}

export const aPendingCall = (threadId: string, callId = 'call_1'): ThreadItem => ({
  type: 'client_tool_call',
  id: newId('tool_call'),
  thread_id: threadId,
  created_at: moment(),
  status: 'pending',
  call_id: callId,
  name: 'locate',
  arguments: { precise: null },
});

export const aForm = (threadId: string): ThreadItem => ({
  type: 'structured_input',
  id: newId('message'),
  thread_id: threadId,
  created_at: moment(),
  status: 'pending',
  inputs: [
    {
      type: 'multiple_choice',
      id: 'colour',
      question: 'Which?',
      options: [{ value: 'red' }, { value: 'blue' }],
      multiple: false,
    },
    { type: 'freeform', id: 'why', question: 'Why?' },
  ],
});

export const aWidget = (threadId: string): ThreadItem => ({
  type: 'widget',
  id: newId('message'),
  thread_id: threadId,
  created_at: moment(),
  widget: { type: 'Card', children: [{ type: 'Button', label: 'Buy' }] },
});

/** A turn that works and never ends. */
export async function openTurn(relay: Relay, threadId: string): Promise<void> {
  await relay.query(
    `INSERT INTO runs (id, tenant_id, owner_id, thread_id, state, trigger, trigger_position, assistant_id, fence, attempt,
                       worker_id, lease_expires_at)
     SELECT $2, tenant_id, owner_id, id, 'working', 'threads.add_user_message', last_position, 'default', 1, 1,
            'wrk_elsewhere', now() + interval '1 h' FROM threads WHERE id = $1`,
    [threadId, newId('run')],
  );
}

/** Everything of the product that a refused request must leave alone. */
export async function everything(relay: Relay): Promise<unknown> {
  const [rows] = await relay.query(`
    SELECT (SELECT json_agg(json_build_array(id, title, last_position) ORDER BY id) FROM threads) AS threads,
           (SELECT json_agg(json_build_array(id, position, payload) ORDER BY thread_id, position) FROM items) AS items,
           (SELECT json_agg(json_build_array(id, state) ORDER BY id) FROM runs) AS runs,
           (SELECT json_agg(json_build_array(id, payload, size) ORDER BY id) FROM attachments) AS attachments,
           (SELECT count(*) FROM feedback) AS feedback, (SELECT count(*) FROM calls) AS calls`);
  return rows;
}

/** The same, when what earlier requests have left to do is done: a call is forgotten after it was answered. */
export async function everythingSettled(relay: Relay): Promise<unknown> {
  let before = await everything(relay);
  return until('nothing changes any more', 10_000, async () => {
    await sleep(200);
    const now = await everything(relay);
    const isSame = isDeepStrictEqual(now, before);
    before = now;
    return isSame && now;
  });
}
