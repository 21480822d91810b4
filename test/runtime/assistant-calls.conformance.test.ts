import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type AssistantCall, type CallQueue, type CallReply, CallStore, type EventEngine } from '#runtime';
import { AssistantCalls, AssistantCallTimes } from '#runtime/api';
import { aHiddenItem } from '#chatkit/testing';
import { engineKinds } from '../support/engines.js';
import { startCallWorker } from './support/call-worker.js';
import { anAnswer, auth, lifecycleOf, recordingLogger, useWorld } from './support/world.js';

const feedback = { threadId: 'thr_1', itemIds: ['msg_1'], kind: 'positive' as const };

let handled: AssistantCall[] = [];
let answer: (call: AssistantCall) => Promise<CallReply>;

function handle(call: AssistantCall): Promise<CallReply> {
  handled.push(call);
  return answer(call);
}

const away = (): Promise<never> => Promise.reject(new Error('away'));

describe.each(engineKinds)('calls to an assistant on the %s engine', (kind) => {
  let engine: EventEngine;
  let calls: AssistantCalls;
  let worker: Awaited<ReturnType<typeof startCallWorker>>;
  const asking = async (instance: string, times: { deadlineMs?: number; pollMs?: number }) => {
    const opened = await world.openEngine(kind);
    const queue = await world.openCallQueue(kind);
    const store = new CallStore(world.openDatabase());
    const logger = recordingLogger(world.errors);
    const defaults = new AssistantCallTimes();
    const made = new AssistantCalls(store, queue, opened, { id: instance }, { ...defaults, ...times }, logger);
    await made.start();
    return made;
  };
  const rows = async () => (await world.db.pool.query('SELECT id, state FROM calls')).rows;

  const world = useWorld();

  beforeAll(async () => {
    engine = await world.openEngine(kind);
    // With a poll that never comes in time, every reply arrives by its notification.
    calls = await asking('api_one', { pollMs: 20_000 });
    worker = await startCallWorker({ stores: world.stores(kind), db: world.openDatabase(), engine, handle });
  });
  afterAll(async () => {
    await calls.stop();
    await worker.close();
  });

  it('return the reply to the calling instance, with everything that the call contained', async () => {
    handled = [];
    const item = anAnswer('thr_1');
    answer = async () => ({ updatedItem: item });
    const action = { type: 'buy', payload: { sku: null, text: 'a\u0000b' } };
    const context = { requestId: 'req_1', locale: 'de', headers: { 'x-page': '/7' } };
    const reply = await calls.call(
      auth(),
      'shop',
      'sync_action',
      { threadId: 'thr_1', itemId: 'msg_1', action },
      context,
    );
    expect(reply).toEqual({ updatedItem: item });
    expect(handled).toEqual([
      {
        callId: expect.stringMatching(/^call_[0-9a-f]{32}$/) as string,
        tenantId: 'acme',
        ownerId: 'ada',
        kind: 'sync_action',
        assistantId: 'shop',
        payload: { threadId: 'thr_1', itemId: 'msg_1', action },
        context,
      },
    ]);
    expect(await rows()).toEqual([]);
  });

  it('of many callers return each its own reply', async () => {
    answer = async (call) => ({ text: call.kind === 'transcribe' ? call.payload.audioBase64.toUpperCase() : '' });
    const other = await asking('api_two', { pollMs: 20_000 });
    const texts = Array.from({ length: 20 }, (_, n) => `speech ${n}`);
    const replies = await Promise.all(
      texts.map((audioBase64, n) =>
        (n % 2 ? calls : other).call(auth(), 'default', 'transcribe', { audioBase64, mimeType: 'audio/webm' }, {}),
      ),
    );
    expect(replies.map(({ text }) => text)).toEqual(texts.map((text) => text.toUpperCase()));
    await other.stop();
  });

  it('return what the assistant refuses, and no details of its errors', async () => {
    answer = () => Promise.reject(new AppError('item.not_found', 'Nothing of that kind.'));
    const asked = () => calls.call(auth(), 'default', 'feedback', feedback, {});
    await expect(asked()).rejects.toMatchObject({ code: 'item.not_found', message: 'Nothing of that kind.' });
    answer = () => Promise.reject(new Error('password=hunter2'));
    await expect(asked()).rejects.toMatchObject({ code: 'call.failed', message: 'The assistant could not do this.' });
    answer = async () => ({ text: 7 }) as unknown as CallReply;
    await expect(
      calls.call(auth(), 'default', 'transcribe', { audioBase64: '', mimeType: '' }, {}),
    ).rejects.toMatchObject({ code: 'call.failed' });
    expect(worker.logged.length).toBeGreaterThanOrEqual(3);
    expect(await rows()).toEqual([]);
  });

  it('that are not answered in time end, and a late answer is dropped', async () => {
    const hurried = await asking('api_three', { deadlineMs: 150, pollMs: 20 });
    const resolvers: ((reply: CallReply) => void)[] = [];
    answer = () => new Promise((resolve) => resolvers.push(resolve));
    await expect(hurried.call(auth(), 'default', 'feedback', feedback, {})).rejects.toMatchObject({
      code: 'call.timeout',
    });
    expect(await rows()).toMatchObject([{ state: 'working' }]);
    for (const resolve of resolvers) resolve({});
    await expect.poll(rows).toEqual([]);
    await hurried.stop();
  });

  it('are answered by the slow poll, too, when the notification is lost', async () => {
    answer = async () => ({ updatedItem: aHiddenItem() });
    const deaf = await asking('api_four', { pollMs: 50 });
    await deaf.stop();
    expect(await deaf.call(auth(), 'default', 'feedback', feedback, {})).toEqual({});
  });

  it('are refused while the queue is unavailable', async () => {
    const queue = { add: away } as Partial<CallQueue> as CallQueue;
    const [store, logger] = [new CallStore(world.db), recordingLogger(world.errors)];
    const cut = new AssistantCalls(store, queue, engine, { id: 'api_five' }, new AssistantCallTimes(), logger);
    await expect(cut.call(auth(), 'default', 'feedback', feedback, {})).rejects.toMatchObject({
      code: 'service.unavailable',
    });
    expect(await rows()).toEqual([]);
  });

  it('are handled once, even when their job is delivered twice', async () => {
    handled = [];
    const store = new CallStore(world.db);
    const call = { callId: 'call_twice', kind: 'feedback', assistantId: 'default', payload: feedback } as const;
    await store.ask(auth(), { ...call, context: {}, askedBy: 'api_gone' });
    answer = async () => ({});
    const job = { callId: 'call_twice' };
    await Promise.all([worker.answer(job), worker.answer(job), worker.answer(job)]);
    expect(handled).toHaveLength(1);
    expect(await rows()).toEqual([{ id: 'call_twice', state: 'answered' }]);
    expect(() => worker.answer({ call: 1 })).toThrow(/callId/);
  });

  it('that their caller abandoned are swept after a while', async () => {
    const { lifecycle } = lifecycleOf(world);
    await lifecycle.sweep();
    expect(await rows()).toHaveLength(1);
    await world.db.pool.query(`UPDATE calls SET created_at = now() - interval '301 s'`);
    await lifecycle.sweep();
    expect(await rows()).toEqual([]);
  });
});
