import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHiddenItem } from '#chatkit/testing';
import { newId } from '#chatkit';
import {
  addMessage,
  type Answer,
  createThread,
  deltasOf,
  doneItems,
  post,
  textOf,
  threadIdOf,
  until,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { type FakeProvider, startProvider } from '../support/provider.js';
import { type Relay, startRelay } from '../support/relay.js';
import { aForm, aPendingCall, aWidget, everything, openTurn, putItem } from './support/seed.js';

let provider: FakeProvider;
let relay: Relay;

const start = async (engine: 'redis' | 'postgres') => {
  provider = await startProvider();
  relay = await startRelay(engine, { variables: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: provider.url } });
};
const stop = async () => {
  await relay.stop();
  await provider.close();
};

const retry = (threadId: string, itemId: string) => ({
  type: 'threads.retry_after_item',
  params: { thread_id: threadId, item_id: itemId },
});
const toolOutput = (threadId: string, result: unknown) => ({
  type: 'threads.add_client_tool_output',
  params: { thread_id: threadId, result },
});
const formInput = (threadId: string, itemId: string, input: object = {}) => ({
  type: 'threads.add_structured_input',
  params: { thread_id: threadId, item_id: itemId, input },
});
const action = (threadId: string, itemId: string | null, payload: unknown = { sku: null }) => ({
  type: 'threads.custom_action',
  params: { thread_id: threadId, item_id: itemId, action: { type: 'buy', payload, handler: 'server' } },
});

interface ItemRow {
  id: string;
  type: string;
  payload: Record<string, unknown>;
}
const stored = (threadId: string) =>
  relay.query<ItemRow>('SELECT id, type, payload FROM items WHERE thread_id = $1 ORDER BY position', [threadId]);
const runOf = async (answer: Answer) => {
  const [run] = await relay.query<{ state: string; request: unknown; takes_turn: boolean; trigger_item_id: string }>(
    'SELECT state, request, takes_turn, trigger_item_id FROM runs WHERE id = $1',
    [answer.headers['chatkit-run-id']],
  );
  return run;
};
const typesOf = (answer: Answer): string[] => answer.events.map(({ type }) => type);

/** A thread with a question and its answer. */
async function answered(text = 'Hello', model?: string): Promise<{ threadId: string; messageId: string }> {
  await provider.script([{ text: 'First answer.' }]);
  const answer = await post(relay.url, createThread(text, { model }));
  return { threadId: threadIdOf(answer), messageId: doneItems(answer.events, 'user_message')[0]?.id ?? '' };
}

describe.each(oneEngine('postgres'))('a request without a message of its own, on the %s engine', (engine) => {
  beforeAll(() => start(engine));
  afterAll(stop);

  it('retry answers the same message again, without what came after it (RQ-12, GF-30)', async () => {
    const { threadId, messageId } = await answered('Tell me', 'openai/fake');
    await putItem(relay, aHiddenItem({ id: newId('message'), thread_id: threadId }));
    await post(relay.url, addMessage(threadId, 'And more'));
    await provider.script([{ text: 'Second answer.' }]);
    const again = await post(relay.url, retry(threadId, messageId));
    expect(again.status).toBe(200);
    expect(typesOf(again)[0]).toBe('stream_options');
    expect(typesOf(again).filter((type) => /removed|created/.test(type))).toEqual([]);
    expect(doneItems(again.events, 'user_message')).toEqual([]);
    const rows = await stored(threadId);
    expect(rows.map(({ type }) => type)).toEqual(['user_message', 'assistant_message']);
    expect(rows[0]?.id).toBe(messageId);
    expect(textOf(doneItems(again.events, 'assistant_message')[0])).toBe('Second answer.');
    expect(await runOf(again)).toMatchObject({
      state: 'completed',
      request: { model: 'openai/fake' },
      trigger_item_id: messageId,
    });
    expect(JSON.stringify((await provider.calls())[0]?.input)).not.toMatch(/First answer|And more/);
  });

  it('tool output completes the call in its place and goes on (TC-3, TC-5, TC-8)', async () => {
    const { threadId } = await answered();
    const [forgotten, call] = [aPendingCall(threadId, 'call_0'), aPendingCall(threadId)];
    await putItem(relay, forgotten);
    await putItem(relay, call);
    await provider.script([{ text: 'You are there.' }]);
    const answer = await post(relay.url, toolOutput(threadId, { place: 'Bern', floor: null }));
    expect(answer.status).toBe(200);
    expect(typesOf(answer)[0]).toBe('stream_options');
    expect(JSON.stringify(answer.events)).not.toContain('"client_tool_call"');
    const rows = await stored(threadId);
    expect(rows.map(({ type }) => type)).toEqual([
      'user_message',
      'assistant_message',
      'client_tool_call',
      'assistant_message',
    ]);
    expect(rows[2]).toMatchObject({
      id: call.id,
      payload: { status: 'completed', output: { place: 'Bern', floor: null }, arguments: { precise: null } },
    });
  });

  it('tool output that is null completes the call, without an output (TC-5)', async () => {
    const { threadId } = await answered();
    await putItem(relay, aPendingCall(threadId));
    await provider.script([{ text: 'Nothing then.' }]);
    expect((await post(relay.url, toolOutput(threadId, null))).status).toBe(200);
    const call = (await stored(threadId)).find(({ type }) => type === 'client_tool_call');
    expect(call?.payload['status']).toBe('completed');
    expect(call?.payload).not.toHaveProperty('output');
  });

  it('of two tool outputs at once one is taken (CC-1)', async () => {
    const { threadId } = await answered();
    await putItem(relay, aPendingCall(threadId));
    await provider.script([{ text: 'Once.' }]);
    const answers = await Promise.all([1, 2, 3, 4].map((n) => post(relay.url, toolOutput(threadId, { n }))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    expect((await stored(threadId)).filter(({ type }) => type === 'assistant_message')).toHaveLength(2);
  });

  it('form input shows the answered form and goes on; later messages are no hindrance (SI-2 to SI-6)', async () => {
    const { threadId } = await answered();
    const form = aForm(threadId);
    await putItem(relay, form);
    await provider.script([{ text: 'Later.' }]);
    await post(relay.url, addMessage(threadId, 'One more thing'));
    await provider.script([{ text: 'Red it is.' }]);
    const input = { status: 'answered', answers: { colour: { values: ['red', 'blue'] }, nobody: { values: ['x'] } } };
    const answer = await post(relay.url, formInput(threadId, form.id, input));
    expect(typesOf(answer).slice(0, 2)).toEqual(['stream_options', 'thread.item.replaced']);
    const expected = {
      status: 'answered',
      inputs: [
        { id: 'colour', answer: { values: ['red'], skipped: false } },
        { id: 'why', answer: { values: [], skipped: true } },
      ],
    };
    expect(answer.events[1]?.['item']).toMatchObject({ id: form.id, ...expected });
    const rows = await stored(threadId);
    expect(rows[2]).toMatchObject({ id: form.id, payload: expected });
    expect(rows.at(-1)?.type).toBe('assistant_message');
    expect((await post(relay.url, formInput(threadId, form.id))).status).toBe(409);
  });

  it('an action carries what was clicked, nulls and NULs included, and takes no turn (RQ-18)', async () => {
    const { threadId } = await answered();
    const widget = aWidget(threadId);
    await putItem(relay, widget);
    await openTurn(relay, threadId);
    const payload = { sku: null, list: [null, 1], text: 'a\u0000b\ud83d' };
    const answer = await post(relay.url, action(threadId, widget.id, payload));
    expect(answer.status).toBe(200);
    expect(typesOf(answer)[0]).toBe('stream_options');
    expect(await runOf(answer)).toMatchObject({
      request: { action: { type: 'buy', payload }, itemId: widget.id },
      takes_turn: false,
      trigger_item_id: widget.id,
    });
    const ofThePage = await post(relay.url, action(threadId, null));
    expect((await runOf(ofThePage))?.trigger_item_id).toBeNull();
  });

  it('a retry beside an open turn is refused and deletes nothing', async () => {
    const { threadId, messageId } = await answered();
    const model = 'openai/fake;tokens=20;delay=50';
    const streaming = post(relay.url, addMessage(threadId, 'Slowly', { model }));
    await until('the turn works', 5_000, async () => {
      const rows = await relay.query(`SELECT 1 FROM runs WHERE thread_id = $1 AND state = 'working'`, [threadId]);
      return rows.length > 0;
    });
    const refused = await post(relay.url, retry(threadId, messageId));
    expect(JSON.parse(refused.raw)).toMatchObject({ error: { code: 'turn.open' } });
    expect(deltasOf((await streaming).events)).toHaveLength(20);
    expect(await stored(threadId)).toHaveLength(4);
  });
});

describe('what is refused', () => {
  let thread: { threadId: string; messageId: string };
  let busy: { threadId: string; messageId: string };
  let foreign: { threadId: string; messageId: string };
  const ids = { widget: '', form: '', answeredForm: '', busyForm: '', gone: '' };

  beforeAll(async () => {
    await start('postgres');
    [thread, busy, foreign] = [await answered(), await answered(), await answered()];
    const [widget, form, done] = [aWidget(thread.threadId), aForm(thread.threadId), aForm(thread.threadId)];
    const gone = { ...aHiddenItem({ id: newId('message'), thread_id: thread.threadId }) };
    for (const item of [widget, form, { ...done, status: 'skipped' as const }, gone])
      await putItem(relay, item as never);
    const busyForm = aForm(busy.threadId);
    await putItem(relay, busyForm);
    await putItem(relay, aPendingCall(busy.threadId));
    await openTurn(relay, busy.threadId);
    Object.assign(ids, { widget: widget.id, form: form.id, answeredForm: done.id, busyForm: busyForm.id });
    await relay.query(`UPDATE threads SET owner_id = 'grace' WHERE id = $1`, [foreign.threadId]);
    await relay.query(`UPDATE items SET owner_id = 'grace' WHERE thread_id = $1`, [foreign.threadId]);
    await relay.query(
      `UPDATE items SET payload = (payload::jsonb || '{"inference_options": {"model": "gone/model"}}')::json
       WHERE id = $1`,
      [foreign.messageId],
    );
  });
  afterAll(stop);

  it.each<[string, number, string, () => unknown, string?]>([
    ['retry of an unknown thread', 404, 'thread.not_found', () => retry('thr_none', 'msg_none')],
    ['retry of a foreign thread', 404, 'thread.not_found', () => retry(foreign.threadId, foreign.messageId)],
    ['retry of an unknown item', 404, 'item.not_found', () => retry(thread.threadId, 'msg_none')],
    ['retry of an item of another thread', 404, 'item.not_found', () => retry(thread.threadId, busy.messageId)],
    ['retry of a widget', 400, 'item.wrong_kind', () => retry(thread.threadId, ids.widget)],
    ['retry beside an open turn', 409, 'turn.open', () => retry(busy.threadId, busy.messageId)],
    [
      'retry with a model that is gone',
      422,
      'model.unknown',
      () => retry(foreign.threadId, foreign.messageId),
      'grace',
    ],
    ['tool output for an unknown thread', 404, 'thread.not_found', () => toolOutput('thr_none', 1)],
    ['tool output for a foreign thread', 404, 'thread.not_found', () => toolOutput(foreign.threadId, 1)],
    ['tool output without a call', 409, 'tool_call.not_pending', () => toolOutput(thread.threadId, 1)],
    ['tool output beside an open turn', 409, 'turn.open', () => toolOutput(busy.threadId, 1)],
    ['form input for an unknown thread', 404, 'thread.not_found', () => formInput('thr_none', ids.form)],
    ['form input for an unknown item', 404, 'item.not_found', () => formInput(thread.threadId, 'msg_none')],
    ['form input for a message', 400, 'item.wrong_kind', () => formInput(thread.threadId, thread.messageId)],
    ['form input for an answered form', 409, 'form.not_pending', () => formInput(thread.threadId, ids.answeredForm)],
    ['form input beside an open turn', 409, 'turn.open', () => formInput(busy.threadId, ids.busyForm)],
    ['an action on an unknown thread', 404, 'thread.not_found', () => action('thr_none', null)],
    ['an action on a foreign thread', 404, 'thread.not_found', () => action(foreign.threadId, null)],
    ['an action on an unknown item', 404, 'item.not_found', () => action(thread.threadId, 'msg_none')],
    ['an action on a message', 400, 'item.wrong_kind', () => action(thread.threadId, thread.messageId)],
  ])('%s: %i %s, and nothing has changed (ER-4)', async (_, status, code, request, user) => {
    const before = await everything(relay);
    const answer = await post(relay.url, request(), { user });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.raw)).toMatchObject({ error: { code } });
    expect(await everything(relay)).toEqual(before);
  });

  it('a locked or closed thread is not (TH-6)', async () => {
    const { threadId } = await answered();
    await relay.query(`UPDATE threads SET status = '{"type": "closed"}' WHERE id = $1`, [threadId]);
    await provider.script([{ text: 'All the same.' }]);
    expect((await post(relay.url, addMessage(threadId, 'Still there?'))).status).toBe(200);
  });
});
