import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addMessage,
  type Answer,
  createThread,
  deltasOf,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';

const CONFIG = fileURLToPath(new URL('double-texting.config.yaml', import.meta.url));
const LONG = { text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 2 };

const send = (base: string, assistant: string, threadId: string, text: string) =>
  post(base, addMessage(threadId, text), { query: `?assistant=${assistant}` });

describe.each(oneEngine('postgres'))('a message to a thread that is being answered, on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 2, variables: { CHATKIT_CONFIG: CONFIG } });
  let otherApi: string;
  beforeAll(() => {
    otherApi = String(relay.apis[1]?.ready['url']);
  });

  interface Opened {
    readonly threadId: string;
    /** Resolves when its stream has ended. */
    readonly answer: Promise<Answer>;
    /** Closes its connection. */
    stop(): void;
  }

  /** A turn whose answer has begun. */
  async function opened(assistant: string): Promise<Opened> {
    let told: (opened: Omit<Opened, 'answer'>) => void;
    const begun = new Promise<Omit<Opened, 'answer'>>((resolve) => (told = resolve));
    const answer = post(relay.url, createThread('First'), {
      query: `?assistant=${assistant}`,
      onEvents: (events, request) => {
        if (deltasOf(events).length >= 2) told({ threadId: threadIdOf({ events }), stop: () => request.destroy() });
      },
    });
    return { ...(await begun), answer };
  }

  const itemsOf = async (threadId: string): Promise<string[]> =>
    (await postJson<{ data: WireItem[] }>(relay.url, listItems(threadId))).data.map(textOf);
  const runsOf = (threadId: string) =>
    relay.query<{ id: string; state: string }>(
      'SELECT id, state FROM runs WHERE thread_id = $1 ORDER BY trigger_position',
      [threadId],
    );
  const openRuns = async (threadId: string) =>
    (await runsOf(threadId)).filter(({ state }) => state === 'queued' || state === 'working').length;

  it('reject refuses it and stores nothing; after the answer it is taken', async () => {
    await provider.script([LONG, { text: 'Now.' }]);
    const { threadId, answer, stop } = await opened('reject');
    const refused = await send(otherApi, 'reject', threadId, 'Second');
    expect([refused.status, JSON.parse(refused.raw).error.code]).toEqual([409, 'turn.open']);
    expect(await runsOf(threadId)).toHaveLength(1);
    stop();
    await answer;
    await until('the turn settles', 20_000, async () => (await openRuns(threadId)) === 0);
    expect(await itemsOf(threadId)).toEqual(['First', 'one two ']);
    expect((await send(otherApi, 'reject', threadId, 'Third')).status).toBe(200);
  });

  it('enqueue answers three messages from two tabs one after the other, each with what came before it', async () => {
    await provider.script([
      { text: 'one two', deltas: ['one ', 'two '], delay_ms: 300 },
      { text: 'Answer 2' },
      { text: 'Answer 3' },
    ]);
    const { threadId } = await opened('enqueue');
    const second = send(relay.url, 'enqueue', threadId, 'Second');
    await until('the second is queued', 20_000, async () => (await runsOf(threadId)).length === 2);
    const third = send(otherApi, 'enqueue', threadId, 'Third');
    const answers = await Promise.all([second, third]);
    expect(answers.map(({ events }) => deltasOf(events).join(''))).toEqual(['Answer 2', 'Answer 3']);
    const [, call2, call3] = (await provider.calls()).map(({ input }) => JSON.stringify(input));
    expect(call2).toMatch(/First.*one two.*Second/);
    expect(call2).not.toContain('Third');
    expect(call3).toMatch(/First.*one two.*Second.*Answer 2.*Third/);
  });

  it('interrupt keeps what the open turn has said, with the marker, and the new message follows it', async () => {
    await provider.script([LONG, { text: 'Second answer' }]);
    const { threadId, answer } = await opened('interrupt');
    const second = await send(otherApi, 'interrupt', threadId, 'Second');
    expect(deltasOf(second.events).join('')).toBe('Second answer');
    expect(await itemsOf(threadId)).toEqual(['First', 'one two ', 'Second', 'Second answer']);
    expect((await answer).complete).toBe(true);
    const types = await relay.query('SELECT type FROM items WHERE thread_id = $1 ORDER BY position', [threadId]);
    expect(types.map(({ type }) => type)).toEqual([
      'user_message',
      'assistant_message',
      'sdk_hidden_context',
      'user_message',
      'assistant_message',
    ]);
    expect((await provider.calls())[0]?.cancelled).toBe(true);
    expect((await runsOf(threadId)).map(({ state }) => state)).toEqual(['cancelled', 'completed']);
  });

  it('interrupt from two tabs at once ends in one order, which both see', async () => {
    await provider.script([LONG, { text: 'An answer' }, { text: 'An answer' }, { text: 'An answer' }]);
    const { threadId, answer } = await opened('interrupt');
    const tabs = [relay.url, otherApi, relay.url].map((base, n) => send(base, 'interrupt', threadId, `Tab ${n}`));
    const answers = await Promise.all(tabs);
    await answer;
    await until('all turns settle', 20_000, async () => (await openRuns(threadId)) === 0);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const texts = await itemsOf(threadId);
    expect(texts.slice(0, 2)).toEqual(['First', 'one two ']);
    expect(texts.filter((text) => text.startsWith('Tab')).toSorted()).toEqual(['Tab 0', 'Tab 1', 'Tab 2']);
    // The newest message is the one that is answered to its end.
    expect(texts.at(-1)).toBe('An answer');
    expect((await runsOf(threadId)).at(-1)?.state).toBe('completed');
    const elsewhere = (await postJson<{ data: WireItem[] }>(otherApi, listItems(threadId))).data.map(textOf);
    expect(elsewhere).toEqual(texts);
  });

  it('rollback withdraws the open turn with its message, also from its reader; the new one takes its place', async () => {
    await provider.script([LONG, { text: 'Second answer' }]);
    const { threadId, answer } = await opened('rollback');
    const second = await send(otherApi, 'rollback', threadId, 'Second');
    expect(deltasOf(second.events).join('')).toBe('Second answer');
    expect(await itemsOf(threadId)).toEqual(['Second', 'Second answer']);
    const first = await answer;
    const removed = first.events.filter(({ type }) => type === 'thread.item.removed').map((event) => event['item_id']);
    const added = first.events.find(({ type }) => type === 'thread.item.added')?.['item'] as WireItem;
    expect(removed.toSorted()).toEqual([added.id, doneItems(first.events, 'user_message')[0]?.id].toSorted());
    expect(first.complete).toBe(true);
    const calls = await provider.calls();
    expect(calls[0]?.cancelled).toBe(true);
    expect(JSON.stringify(calls[1]?.input)).not.toMatch(/First|one two/);
    expect((await runsOf(threadId)).map(({ state }) => state)).toEqual(['cancelled', 'completed']);
  });

  it('rollback withdraws what waits behind the open turn, too', async () => {
    await provider.script([LONG, { text: 'Last answer' }]);
    const { threadId, answer } = await opened('rollback');
    const waiting = send(relay.url, 'enqueue', threadId, 'Second');
    await until('the second is queued', 20_000, async () => (await runsOf(threadId)).length === 2);
    await send(otherApi, 'rollback', threadId, 'Third');
    expect(await itemsOf(threadId)).toEqual(['Third', 'Last answer']);
    expect(deltasOf((await waiting).events)).toEqual([]);
    await answer;
  });

  it('a message whose worker dies in mid-answer is interrupted all the same', async () => {
    await provider.script([LONG, { text: 'Second answer' }]);
    const { threadId, answer } = await opened('interrupt');
    await relay.workers[0]?.kill('SIGKILL');
    const second = send(otherApi, 'interrupt', threadId, 'Second');
    await relay.startWorker();
    expect(deltasOf((await second).events).join('')).toBe('Second answer');
    await answer;
    expect((await runsOf(threadId)).map(({ state }) => state)).toEqual(['cancelled', 'completed']);
  });
});
