import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHiddenItem } from '#chatkit/testing';
import { AppError, type AssistantCall, type CallReply, Database } from '#runtime';
import { newId, type ThreadItem } from '#chatkit';
import { connectEventEngine } from '../../libs/runtime/src/nest/connect-event-engine.js';
import { startCallWorker } from '../runtime/support/call-worker.js';
import { createThread, doneItems, post, threadIdOf, until } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { type Relay, useRelay } from '../support/relay.js';
import { aWidget, everything, everythingSettled, openTurn, putItem } from './support/seed.js';
import { storesOf } from '../support/stores.js';

const ASSISTANTS = [
  { id: 'default', features: ['sync_action', 'transcribe', 'feedback'] },
  { id: 'plain', allowCancel: false },
];
const publish = (relay: Relay) =>
  relay.query(`INSERT INTO catalogues (worker_id, payload) VALUES ('wrk_test', $1::jsonb)`, [
    JSON.stringify({ defaultModel: 'demo/echo', providers: [], assistants: ASSISTANTS, modelNames: ['fast'] }),
  ]);

/** A thread with a message and a widget, made without a worker. */
async function aThreadWithWidget(relay: Relay): Promise<{ threadId: string; messageId: string; widget: ThreadItem }> {
  const answer = await post(relay.url, createThread('Hello'), {
    headers: { 'chatkit-relay-client': 'test' },
    onEvents: (events, request) => events.length >= 3 && request.destroy(),
  });
  const threadId = threadIdOf(answer);
  const widget = aWidget(threadId);
  await putItem(relay, widget);
  return { threadId, messageId: doneItems(answer.events, 'user_message')[0]?.id ?? '', widget };
}

const syncAction = (threadId: string, itemId: string | null) => ({
  type: 'threads.sync_custom_action',
  params: { thread_id: threadId, item_id: itemId, action: { type: 'buy', payload: { sku: null } } },
});
const feedback = (threadId: string, itemIds: readonly string[]) => ({
  type: 'items.feedback',
  params: { thread_id: threadId, item_ids: itemIds, kind: 'negative' },
});
const transcription = (audio = Buffer.from('speech').toString('base64')) => ({
  type: 'input.transcribe',
  params: { audio_base64: audio, mime_type: 'audio/webm;codecs=opus' },
});

let handled: AssistantCall[] = [];
let answer: (call: AssistantCall) => Promise<CallReply>;

function handle(call: AssistantCall): Promise<CallReply> {
  handled.push(call);
  return answer(call);
}

describe.each(oneEngine('redis'))('what an assistant’s code answers with JSON, on the %s engine', (engine) => {
  // No worker of the product: this file's own one answers the calls.
  const relay = useRelay(engine, { workers: 0, variables: { AUTH_MODE: 'none' } });
  let worker: { close(): Promise<unknown> }[];
  let thread: Awaited<ReturnType<typeof aThreadWithWidget>>;
  beforeAll(async () => {
    await publish(relay);
    const stores = storesOf(relay.variables);
    const db = new Database(stores.databaseUrl, { maxConnections: 4, name: 'call worker' });
    const events = await connectEventEngine(db, stores, () => undefined);
    worker = [await startCallWorker({ stores, db, engine: events, handle }), events, db];
    thread = await aThreadWithWidget(relay);
  });
  afterAll(async () => {
    for (const part of worker) await part.close();
  });

  it('a sync action brings back the widget, while the thread is being answered (RQ-19, GF-41)', async () => {
    handled = [];
    await openTurn(relay, thread.threadId);
    const changed = { ...thread.widget, widget: { type: 'Card', children: [] } } as ThreadItem;
    answer = async () => ({ updatedItem: changed });
    const { status, raw } = await post(relay.url, syncAction(thread.threadId, thread.widget.id));
    expect({ status, body: JSON.parse(raw) as unknown }).toEqual({ status: 200, body: { updated_item: changed } });
    expect(handled).toMatchObject([
      {
        kind: 'sync_action',
        assistantId: 'default',
        ownerId: 'local',
        payload: {
          threadId: thread.threadId,
          itemId: thread.widget.id,
          action: { type: 'buy', payload: { sku: null } },
        },
      },
    ]);
  });

  it.each<[string, CallReply]>([
    ['nothing', {}],
    ['a hidden item', { updatedItem: aHiddenItem() }],
  ])('a sync action that answers with %s answers {} (HD-1)', async (_, reply) => {
    answer = async () => reply;
    expect((await post(relay.url, syncAction(thread.threadId, null))).raw).toBe('{}');
  });

  it('speech becomes text; the recording keeps its codec (RQ-25)', async () => {
    handled = [];
    answer = async () => ({ text: 'Grüezi' });
    expect((await post(relay.url, transcription())).raw).toBe('{"text":"Grüezi"}');
    expect(handled).toMatchObject([
      { kind: 'transcribe', payload: { audioBase64: 'c3BlZWNo', mimeType: 'audio/webm;codecs=opus' } },
    ]);
  });

  it('feedback is stored, and told to the assistant, whose failure is its own (RQ-24)', async () => {
    handled = [];
    answer = () => Promise.reject(new Error('no'));
    const ids = [thread.messageId, thread.widget.id, thread.messageId];
    expect((await post(relay.url, feedback(thread.threadId, ids))).raw).toBe('{}');
    const [row] = await relay.query('SELECT thread_id, item_ids, kind, owner_id FROM feedback');
    expect(row).toMatchObject({ thread_id: thread.threadId, kind: 'negative', owner_id: 'local' });
    expect(row?.['item_ids']).toEqual(expect.arrayContaining([thread.messageId, thread.widget.id]));
    await until('the assistant is told', 5_000, async () => handled.length === 1);
    expect(handled).toMatchObject([{ kind: 'feedback', payload: { threadId: thread.threadId, kind: 'negative' } }]);
    expect((await post(relay.url, feedback(thread.threadId, []))).status).toBe(200);
  });

  it('feedback that was given can be read: the last word about each item', async () => {
    answer = async () => ({});
    const path = `/chatkit/threads/${thread.threadId}/feedback`;
    await post(relay.url, feedback(thread.threadId, [thread.messageId, thread.widget.id]));
    const { type, params } = feedback(thread.threadId, [thread.messageId]);
    await post(relay.url, { type, params: { ...params, kind: 'positive' } });
    const { data } = (await (await fetch(relay.url + path)).json()) as { readonly data: unknown[] };
    expect(data).toHaveLength(2);
    expect(data).toContainEqual({ item_id: thread.messageId, kind: 'positive' });
    expect(data).toContainEqual({ item_id: thread.widget.id, kind: 'negative' });
    expect((await fetch(`${relay.url}/chatkit/threads/thr_none/feedback`)).status).toBe(404);
  });

  it('a refusal of the assistant has its own words, a failure has none', async () => {
    answer = () => Promise.reject(new AppError('item.wrong_kind', 'Not on this one.'));
    const refused = await post(relay.url, syncAction(thread.threadId, null));
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.raw)).toEqual({ error: { code: 'item.wrong_kind', message: 'Not on this one.' } });
    answer = () => Promise.reject(new Error('password=hunter2'));
    const failed = await post(relay.url, syncAction(thread.threadId, null));
    expect(failed.status).toBe(500);
    expect(failed.raw).not.toContain('hunter2');
  });

  it.each<[string, number, string, () => unknown, string?]>([
    [
      'a sync action without the feature',
      501,
      'feature.not_configured',
      () => syncAction('x', null),
      '?assistant=plain',
    ],
    ['transcription without the feature', 501, 'feature.not_configured', () => transcription(), '?assistant=plain'],
    ['a sync action in an unknown thread', 404, 'thread.not_found', () => syncAction('thr_none', null)],
    ['a sync action on an unknown item', 404, 'item.not_found', () => syncAction(thread.threadId, 'msg_none')],
    ['a sync action on a message', 400, 'item.wrong_kind', () => syncAction(thread.threadId, thread.messageId)],
    ['speech that is no base64', 400, 'request.invalid', () => transcription('%%%')],
    ['feedback on an unknown thread', 404, 'thread.not_found', () => feedback('thr_none', [])],
    ['feedback on an unknown item', 404, 'item.not_found', () => feedback(thread.threadId, [newId('message')])],
    ['an unknown assistant', 404, 'assistant.not_found', () => transcription(), '?assistant=nobody'],
  ])('%s: %i %s, and nothing has changed', async (_, status, code, request, query) => {
    handled = [];
    const before = await everythingSettled(relay);
    const refused = await post(relay.url, request(), { query });
    expect(refused.status).toBe(status);
    expect(JSON.parse(refused.raw)).toMatchObject({ error: { code } });
    expect(await everything(relay)).toEqual(before);
    expect(handled).toEqual([]);
  });

  it('another assistant is picked by the query, and says itself whether it can be stopped (EV-2)', async () => {
    const stopAtOptions = {
      query: '?assistant=plain',
      headers: { 'chatkit-relay-client': 'test' },
      onEvents: (events: readonly unknown[], request: { destroy(): void }) => events.length >= 3 && request.destroy(),
    };
    const started = await post(relay.url, createThread('Hello', { model: 'fast' }), stopAtOptions);
    expect(started.events[2]).toEqual({ type: 'stream_options', stream_options: { allow_cancel: false } });
    const [run] = await relay.query('SELECT assistant_id FROM runs WHERE thread_id = $1', [threadIdOf(started)]);
    expect(run).toEqual({ assistant_id: 'plain' });
  });
});

describe('without a living worker', () => {
  const relay = useRelay('postgres', { workers: 0, variables: { AUTH_MODE: 'none' } });

  it.each([
    ['a sync action', () => syncAction('thr_1', null)],
    ['transcription', () => transcription()],
  ])('%s is 503', async (_, request) => {
    const refused = await post(relay.url, request());
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('2');
  });
});

describe('with a quota that is used up', () => {
  const CHATKIT_CONFIG = new URL('quotas.config.yaml', import.meta.url).pathname;
  // Nobody would answer: a call that is made all the same would not end in time.
  const relay = useRelay('postgres', { workers: 0, variables: { CHATKIT_CONFIG } });
  beforeAll(() => publish(relay));

  it('what asks models without a run is refused with 429, and nothing has changed', async () => {
    const { threadId, messageId, widget } = await aThreadWithWidget(relay);
    await relay.query(
      `INSERT INTO model_usage (run_id, fence, provider, model, tenant_id, owner_id, calls, input_tokens, output_tokens,
                                cached_input_tokens, reasoning_tokens, estimated)
       VALUES ('call_1', 1, 'demo', 'echo', 'default', 'ada', 1, 3000, 0, 0, 0, false)`,
    );
    await relay.query('DELETE FROM quota_counters');
    const before = await everythingSettled(relay);
    for (const request of [syncAction(threadId, widget.id), transcription(), feedback(threadId, [messageId])]) {
      const refused = await post(relay.url, request);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(JSON.parse(refused.raw)).toMatchObject({
        error: { code: 'quota.exceeded', details: { quota: 'user.tokens.day', limit: 3_500 } },
      });
    }
    expect(await everything(relay)).toEqual(before);
    // What no assistant gets asks no model.
    const stored = await post(relay.url, feedback(threadId, [messageId]), { query: '?assistant=plain' });
    expect(stored.status).toBe(200);
  });
});
