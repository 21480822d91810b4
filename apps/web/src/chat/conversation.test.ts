import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatClient } from '../protocol/client.js';
import { RequestError } from '../protocol/request-error.js';
import type { ChatEvent, Item } from '../protocol/types.js';
import { textOf } from '../protocol/fold.js';
import { Conversation, type ConversationDeps } from './conversation.js';
import { answer, assistant, FakeClient, growing, itemOf, preamble, user } from './testing.js';
import { texts } from '../i18n/texts.js';

let client: FakeClient;
let isLocal = false;
const onThread = vi.fn<ConversationDeps['onThread']>();
const onGone = vi.fn<ConversationDeps['onGone']>();

beforeEach(() => {
  client = new FakeClient();
  isLocal = false;
  onThread.mockClear();
  onGone.mockClear();
});

const open = (threadId?: string): Conversation =>
  new Conversation(
    {
      client,
      schedule: (run) => run(),
      sleep: async () => undefined,
      onThread,
      isLocal: () => isLocal,
      model: () => undefined,
      onBusy: () => undefined,
      onTurn: () => undefined,
      onGone,
    },
    threadId,
  );
const seen = (conversation: Conversation) =>
  conversation.store.latest.entries.map(({ item, progress }) => [textOf(item), progress]);

describe('a conversation', () => {
  it('says of earlier turns as well how they ended, also of one that ends among the entries that are shown', async () => {
    const asked: unknown[] = [];
    client.listRuns = async (_threadId, which) => {
      asked.push(which);
      return which?.itemIds
        ? [
            { id: 'run_1', state: 'cancelled', triggerId: 'q1', answersMessage: true },
            { id: 'run_2', state: 'failed', triggerId: 'q2', answersMessage: true },
          ]
        : [];
    };
    const pages = [
      { data: [assistant('a3', 'Three'), user('q3', 'Third'), assistant('a2', 'Tw')], has_more: true, after: 'a2' },
      { data: [user('q2', 'Second'), assistant('a1', 'On'), user('q1', 'First')], has_more: false },
    ];
    client.listItems = async () => pages.shift() ?? { data: [], has_more: false };
    const conversation = open('thr_1');
    await conversation.open();
    await conversation.loadEarlier();
    expect(asked).toEqual([undefined, { itemIds: ['q2', 'a1', 'q1'] }]);
    expect(conversation.store.latest.entries.map(({ progress, ending }) => ending ?? progress)).toEqual([
      'done',
      'stopped',
      'done',
      'failed',
      'done',
      'done',
    ]);
  });

  it('keeps the message that can be sent again when earlier items cannot be loaded', async () => {
    client.listItems = async () => ({ data: [user('q2', 'Second')], has_more: true, after: 'q2' });
    const conversation = open('thr_1');
    await conversation.open();
    client.ending = new RequestError(503, '');
    await conversation.send({ text: 'Not sent' });
    const { problem } = conversation.store.latest;
    expect(problem?.again).toMatchObject({ type: 'send' });
    client.listItems = async () => Promise.reject(new Error('offline'));
    await conversation.loadEarlier();
    expect(conversation.store.latest.problem).toBe(problem);
  });

  it('becomes a thread with its first message', async () => {
    client.stream = [...preamble('Hi'), ...answer('msg_2', 'Hello')];
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(conversation.threadId).toBe('thr_1');
    expect(onThread).toHaveBeenCalledWith(conversation, expect.objectContaining({ id: 'thr_1' }), 'Hi');
    expect(seen(conversation)).toEqual([
      ['Hi', 'done'],
      ['Hello', 'done'],
    ]);
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', pending: undefined, problem: undefined });
    await conversation.send({ text: 'More' });
    expect(client.sent[1]).toMatchObject({ threadId: 'thr_1', text: 'More' });
  });

  it('accepts one message at a time', async () => {
    client.stream = preamble('Hi');
    client.ending = 'hang';
    const conversation = open();
    const first = conversation.send({ text: 'Hi' });
    await conversation.send({ text: 'Me too' });
    expect(client.sent).toHaveLength(1);
    await vi.waitFor(() => expect(conversation.threadId).toBe('thr_1'));
    conversation.stop();
    await first;
  });

  it('keeps showing the part that was there when it was stopped', async () => {
    client.stream = [...preamble('Hi'), ...growing('msg_2', 'Hel', 'lo')];
    client.ending = 'hang';
    const conversation = open();
    const turn = conversation.send({ text: 'Hi' });
    await vi.waitFor(() => expect(seen(conversation)[1]).toEqual(['Hello', 'open']));
    conversation.stop();
    await turn;
    expect(seen(conversation)[1]).toEqual(['Hello', 'stopped']);
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', problem: undefined });
  });

  it('offers to resend a message that was stopped before it was accepted', async () => {
    client.ending = 'hang';
    const conversation = open();
    const turn = conversation.send({ text: 'Hi' });
    await vi.waitFor(() => expect(client.sent).toHaveLength(1));
    conversation.stop();
    await turn;
    expect(conversation.store.latest.problem).toEqual({
      tone: 'info',
      text: texts.core.notSent,
      again: { type: 'send', message: { text: 'Hi' } },
    });
  });

  it('cannot be stopped if the server does not allow it', async () => {
    client.stream = [...preamble('Hi').slice(0, 2), { type: 'options', allowCancel: false }];
    client.ending = 'hang';
    const conversation = open();
    void conversation.send({ text: 'Hi' });
    await vi.waitFor(() => expect(conversation.store.latest.allowCancel).toBe(false));
    conversation.stop();
    await Promise.resolve();
    expect(conversation.isAnswering).toBe(true);
  });

  it.each([true, false])('tells of an error (retry allowed: %s), and marks what was not kept', async (allowRetry) => {
    client.stream = [
      ...preamble('Hi'),
      ...growing('msg_2', 'Half'),
      { type: 'error', message: 'Too busy.', allowRetry },
    ];
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(seen(conversation)[1]).toEqual(['Half', 'lost']);
    const again = allowRetry ? { type: 'retry', itemId: 'msg_1' } : undefined;
    expect(conversation.store.latest.problem).toMatchObject({ tone: 'error', text: 'Too busy.', again });
  });

  it('shows why a message was refused, and keeps the message', async () => {
    client.ending = new RequestError(503, '');
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(conversation.store.latest).toMatchObject({
      phase: 'idle',
      pending: { text: 'Hi' },
      problem: { tone: 'error', again: { type: 'send', message: { text: 'Hi' } } },
    });
  });

  it.each([['end' as const], [new TypeError('network error')]])(
    'recovers the stored part when the stream was cut (%s)',
    async (ending) => {
      client.stream = [...preamble('Hi'), ...growing('msg_2', 'Hel')];
      client.ending = ending;
      let looks = 0;
      client.items = () =>
        (looks += 1) < 3 ? [user('msg_1', 'Hi')] : [assistant('msg_2', 'Hello'), user('msg_1', 'Hi')];
      const conversation = open();
      await conversation.send({ text: 'Hi' });
      expect(looks).toBe(3);
      expect(seen(conversation)).toEqual([
        ['Hi', 'done'],
        ['Hello', 'done'],
      ]);
      expect(conversation.store.latest.problem?.text).toBe(texts.core.connectionLost);
    },
  );

  it('stops looking after a while, and offers to resend', async () => {
    client.stream = preamble('Hi');
    client.items = [user('msg_1', 'Hi')];
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(conversation.store.latest).toMatchObject({
      phase: 'idle',
      problem: { text: texts.core.connectionLostEarly, again: { type: 'retry', itemId: 'msg_1' } },
    });
  });
});

const opened = async (): Promise<Conversation> => {
  client.items = [assistant('msg_4', 'B'), user('msg_3', 'Second'), assistant('msg_2', 'A'), user('msg_1', 'First')];
  const conversation = open('thr_1');
  await conversation.open();
  return conversation;
};

const idle = (conversation: Conversation) => vi.waitFor(() => expect(conversation.store.latest.phase).toBe('idle'));

const inPages = (...pages: readonly (readonly Item[])[]): void => {
  const listItems: ChatClient['listItems'] = async (_threadId, { after }) => {
    const next = Number(after ?? 0) + 1;
    const hasMore = next < pages.length;
    return { data: pages[next - 1] ?? [], has_more: hasMore, ...(hasMore && { after: String(next) }) };
  };
  Object.assign(client, { listItems });
};

describe('other requests for an answer', () => {
  it.each([
    ['msg_4', 'msg_3', ['First', 'A', 'Second', 'New']],
    ['msg_3', 'msg_3', ['First', 'A', 'Second', 'New']],
    ['msg_2', 'msg_1', ['First', 'New']],
  ])('answers the question of %s again, without what came after it', async (itemId, question, shown) => {
    const conversation = await opened();
    client.stream = answer('msg_5', 'New');
    expect(conversation.retry(itemId)).toBe(true);
    await idle(conversation);
    expect(client.asked).toEqual([['retry', 'thr_1', question]]);
    expect(seen(conversation).map(([text]) => text)).toEqual(shown);
  });

  it('loads the question first if the answer is longer than what is shown', async () => {
    inPages([assistant('msg_4', 'd')], [assistant('msg_3', 'c')], [assistant('msg_2', 'b'), user('msg_1', 'a')]);
    const conversation = open('thr_1');
    await conversation.open();
    client.stream = answer('msg_5', 'New');
    expect(conversation.retry('msg_4')).toBe(true);
    expect(conversation.retry('msg_4')).toBe(false);
    await idle(conversation);
    await vi.waitFor(() => expect(shown(conversation)).toEqual(['a', 'New']));
    expect(client.asked).toEqual([['retry', 'thr_1', 'msg_1']]);
  });

  it('are offered after a reload for a failed answer that is longer than what is loaded', async () => {
    inPages([assistant('msg_3', 'c')], [assistant('msg_2', 'b'), user('msg_1', 'a')]);
    const failure = { allowRetry: true };
    client.runs = [{ id: 'run_1', state: 'failed', triggerId: 'msg_1', answersMessage: true, failure }];
    const conversation = open('thr_1');
    await conversation.open();
    expect(conversation.store.latest.problem).toMatchObject({
      ending: 'failed',
      again: { type: 'retry', itemId: 'msg_1' },
    });
    client.stream = answer('msg_5', 'New');
    conversation.retry('msg_1');
    await vi.waitFor(() => expect(shown(conversation)).toEqual(['a', 'New']));
  });

  it('say so if the question is gone, or cannot be loaded', async () => {
    inPages([assistant('msg_4', 'd')], [assistant('msg_3', 'c')]);
    const conversation = open('thr_1');
    await conversation.open();
    conversation.retry('msg_4');
    await vi.waitFor(() => expect(conversation.store.latest.problem?.text).toBe(texts.core.noQuestion));
    const broken = open('thr_1');
    await broken.open();
    client.listItems = () => Promise.reject(new RequestError(0, 'no network'));
    broken.retry('msg_4');
    await vi.waitFor(() => expect(broken.store.latest.problem?.text).toBe(texts.core.unreachable));
    expect(broken.store.latest.phase).toBe('idle');
    expect(client.asked).toEqual([]);
  });

  it('say soon that the server cannot be reached, and load when they are asked to', async () => {
    const { follow, getThread } = client;
    // Tries for a minute.
    client.follow = (_id, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    client.getThread = () => Promise.reject(new RequestError(0, 'no network'));
    client.items = [user('msg_1', 'a')];
    const conversation = open('thr_1');
    await conversation.open();
    const { phase, problem } = conversation.store.latest;
    expect({ phase, text: problem?.text, again: problem?.again }).toEqual({
      phase: 'idle',
      text: texts.core.unreachable,
      again: { type: 'open' },
    });
    Object.assign(client, { follow, getThread });
    const again = conversation.open();
    expect(conversation.store.latest).toMatchObject({ phase: 'loading', problem: undefined });
    await again;
    expect(shown(conversation)).toEqual(['a']);
  });

  it('would remove more than the answer to an earlier question, or one that has led to a filled-in form', async () => {
    const conversation = await opened();
    const removing = (ids: readonly string[]) => ids.filter((id) => conversation.removesMore(id));
    expect(removing(['msg_1', 'msg_2', 'msg_3', 'msg_4', 'msg_9'])).toEqual(['msg_1', 'msg_2', 'msg_9']);
    const form = { id: 'f1', type: 'structured_input', inputs: [] };
    const { items } = client;
    for (const [status, isAnswered] of [
      ['pending', false],
      ['answered', true],
    ] as const) {
      client.items = [itemOf({ ...form, status }), ...(items as readonly Item[])];
      await conversation.refresh();
      expect(conversation.removesMore('msg_4')).toBe(isAnswered);
    }
  });

  it('changes a question and asks it, without what came after it', async () => {
    const conversation = await opened();
    client.stream = [{ type: 'item.done', item: user('msg_9', 'Third') }, ...answer('msg_5', 'C')];
    expect(conversation.edit('msg_3', 'Third')).toBe(true);
    await idle(conversation);
    expect(client.asked).toEqual([['edit', 'thr_1', 'msg_3', 'Third']]);
    expect(seen(conversation).map(([text]) => text)).toEqual(['First', 'A', 'Third', 'C']);
  });

  it('shows the old question again if the server refuses, and keeps what was written', async () => {
    const conversation = await opened();
    client.ending = new RequestError(409, 'A turn is open.');
    conversation.edit('msg_3', 'Third');
    await idle(conversation);
    expect(seen(conversation).map(([text]) => text)).toEqual(['First', 'A', 'Second', 'B']);
    expect(conversation.store.latest).toMatchObject({
      pending: undefined,
      problem: { text: 'A turn is open.', again: { type: 'edit', itemId: 'msg_3', text: 'Third' } },
    });
  });

  it('shows the old answer again if the server refuses', async () => {
    const conversation = await opened();
    client.ending = new RequestError(409, 'Another answer is being written.');
    conversation.retry('msg_4');
    await idle(conversation);
    expect(seen(conversation).map(([text]) => text)).toEqual(['First', 'A', 'Second', 'B']);
    expect(conversation.store.latest.problem?.text).toBe('Another answer is being written.');
  });

  it('asks for one answer at a time', async () => {
    const conversation = await opened();
    client.ending = 'hang';
    expect(conversation.submitForm('msg_4', { status: 'skipped', answers: {} })).toBe(true);
    expect(conversation.retry('msg_4')).toBe(false);
    expect(conversation.answerClientTool(null)).toBe(false);
    conversation.stop();
    await idle(conversation);
  });

  it('takes an action without an answer for complete', async () => {
    const conversation = await opened();
    client.stream = [{ type: 'options', allowCancel: true }];
    expect(await conversation.sendAction('msg_4', { type: 'like' })).toBe('done');
    expect(conversation.store.latest.problem).toBeUndefined();
    expect(client.asked).toEqual([['action', 'thr_1', { itemId: 'msg_4', action: { type: 'like' } }]]);
  });

  const fail: ChatEvent = { type: 'error', message: 'Too busy.', allowRetry: true };
  const action = { type: 'buy', payload: { id: 7 } };

  it.each<[string, (of: Conversation) => unknown, unknown]>([
    ['a click, by clicking again', (of) => of.sendAction('msg_4', action), { type: 'action', itemId: 'msg_4', action }],
    ['a filled-in form, by nothing', (of) => of.submitForm('msg_4', { status: 'skipped', answers: {} }), undefined],
    ['the result of a tool of the page, by nothing', (of) => of.answerClientTool({ done: true }), undefined],
    ['a question, by asking it again', (of) => of.retry('msg_4'), { type: 'retry', itemId: 'msg_3' }],
  ])('goes on after a failed answer to %s', async (_, ask, again) => {
    const conversation = await opened();
    client.stream = [{ type: 'options', allowCancel: true }, ...answer('msg_5', 'Well'), fail];
    ask(conversation);
    await vi.waitFor(() => expect(conversation.store.latest.problem?.text).toBe('Too busy.'));
    expect(conversation.store.latest.problem?.again).toEqual(again);
  });

  it('does not ask the question again when a click was stopped', async () => {
    const conversation = await opened();
    client.ending = 'hang';
    void conversation.sendAction('msg_4', action);
    conversation.stop();
    await idle(conversation);
    expect(conversation.store.latest.problem?.again).toEqual({ type: 'action', itemId: 'msg_4', action });
  });

  it('has none without a thread', async () => {
    const conversation = open();
    expect(await conversation.sendAction(undefined, { type: 'like' })).toBe('busy');
    expect(client.asked).toEqual([]);
  });
});

describe('the operator', () => {
  const failed = { message: 'Too busy.', allowRetry: true, cause: 'HTTP 429', fix: 'Ask for a higher limit.' };
  const breaker = { model: 'openai/large', openUntil: 9_000 };

  beforeEach(() => {
    isLocal = true;
    client.breakers = [breaker];
    client.runs = [{ id: 'run_1', state: 'failed', triggerId: 'msg_1', answersMessage: true, failure: failed }];
  });

  const told = {
    tone: 'error',
    text: 'Too busy.',
    cause: 'HTTP 429',
    fix: 'Ask for a higher limit.',
    runId: 'run_1',
    breakers: [breaker],
    again: { type: 'retry', itemId: 'msg_1' },
  };

  it('is told why an answer has failed, what to do, and which models are not asked for a while', async () => {
    client.stream = [
      { type: 'run', id: 'run_1' },
      ...preamble('Hi'),
      { type: 'error', message: 'Too busy.\nHTTP 429', allowRetry: true },
    ];
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    await vi.waitFor(() => expect(conversation.store.latest.problem).toMatchObject(told));
  });

  it('is told the same after a reload', async () => {
    client.items = [user('msg_1', 'Hi')];
    const conversation = open('thr_1');
    await conversation.open();
    await vi.waitFor(() => expect(conversation.store.latest.problem).toMatchObject(told));
  });

  it('is told what the server says when it refuses a message', async () => {
    client.ending = new RequestError(503, 'The queue does not answer.');
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(conversation.store.latest.problem).toMatchObject({ cause: 'The queue does not answer.' });
  });
});

describe('a thread that is opened', () => {
  it('shows its items in order', async () => {
    client.items = [assistant('msg_2', 'Hello'), user('msg_1', 'Hi')];
    const conversation = open('thr_1');
    await conversation.open();
    expect(seen(conversation).map(([text]) => text)).toEqual(['Hi', 'Hello']);
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', problem: undefined });
  });

  it('shows the feedback that was given, and takes back what did not arrive', async () => {
    client.items = [assistant('msg_2', 'Hello'), user('msg_1', 'Hi')];
    client.given = new Map([['msg_2', 'negative']]);
    const conversation = open('thr_1');
    await conversation.open();
    const given = () => conversation.store.latest.entries.map(({ feedback }) => feedback);
    expect(given()).toEqual([undefined, 'negative']);
    await conversation.feedback(['msg_2'], 'positive');
    expect(given()).toEqual([undefined, 'positive']);
    client.feedback = () => Promise.reject(new RequestError(503, ''));
    await expect(conversation.feedback(['msg_2'], 'negative')).rejects.toThrow(RequestError);
    expect(given()).toEqual([undefined, 'positive']);
  });

  it('continues the answer that a reload has interrupted', async () => {
    client.live.add('thr_1');
    client.items = [assistant('msg_2', 'He'), user('msg_1', 'Hi')];
    client.stream = answer('msg_2', 'Hello');
    const conversation = open('thr_1');
    await conversation.open();
    expect(seen(conversation)).toEqual([
      ['Hi', 'done'],
      ['Hello', 'done'],
    ]);
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', problem: undefined });
  });

  it('does not show a partial answer as complete before the first event', async () => {
    client.live.add('thr_1');
    client.items = [assistant('msg_2', 'He'), user('msg_1', 'Hi')];
    client.ending = 'hang';
    const conversation = open('thr_1');
    const opening = conversation.open();
    await vi.waitFor(() => expect(conversation.isAnswering).toBe(true));
    expect(seen(conversation)).toEqual([
      ['Hi', 'done'],
      ['He', 'open'],
    ]);
    conversation.stop();
    await opening;
  });

  it('can stop the answer that a reload has interrupted', async () => {
    client.live.add('thr_1');
    client.items = [user('msg_1', 'Hi')];
    client.stream = growing('msg_2', 'He');
    client.ending = 'hang';
    const conversation = open('thr_1');
    const opening = conversation.open();
    await vi.waitFor(() => expect(seen(conversation)[1]).toEqual(['He', 'open']));
    expect(conversation.isAnswering).toBe(true);
    conversation.stop();
    await opening;
    expect(client.stopped).toEqual(['thr_1']);
    expect(seen(conversation)[1]).toEqual(['He', 'stopped']);
  });

  it('offers to resend a question without an answer', async () => {
    client.items = [user('msg_1', 'Hi')];
    const conversation = open('thr_1');
    await conversation.open();
    expect(conversation.store.latest.problem).toEqual({
      tone: 'info',
      text: texts.core.unanswered,
      again: { type: 'retry', itemId: 'msg_1' },
    });
  });

  it('may no longer exist', async () => {
    client.getThread = () => Promise.reject(new RequestError(404, 'no'));
    const conversation = open('thr_1');
    await conversation.open();
    expect(onGone).toHaveBeenCalledWith(conversation);
  });
});

/** Holds a request of the page until it is let go. */
function held<T>(request: () => Promise<T>): { readonly request: () => Promise<T>; readonly letGo: () => void } {
  const gate = new AbortController();
  const isOpen = () => vi.waitFor(() => expect(gate.signal.aborted).toBe(true));
  return { request: () => isOpen().then(request), letGo: () => gate.abort() };
}

const shown = (conversation: Conversation) => seen(conversation).map(([text]) => text);
const turnOfAnotherTab = () => (client.items = [assistant('msg_8', 'There'), user('msg_7', 'Elsewhere')]);

describe('a conversation that another tab changes', () => {
  it('is refreshed when its own turn is over', async () => {
    const conversation = await opened();
    client.ending = 'hang';
    client.stream = growing('msg_5', 'Mine');
    void conversation.retry('msg_4');
    await vi.waitFor(() => expect(shown(conversation).at(-1)).toBe('Mine'));
    turnOfAnotherTab();
    await conversation.refresh();
    expect(shown(conversation).at(-1)).toBe('Mine');
    conversation.stop();
    await vi.waitFor(() => expect(shown(conversation)).toEqual(['Elsewhere', 'There']));
  });

  it('is refreshed when it has been loaded', async () => {
    client.items = [user('msg_1', 'Hi')];
    const { request, letGo } = held(client.listItems);
    client.listItems = request;
    const conversation = open('thr_1');
    const opening = conversation.open();
    await conversation.refresh();
    const before = vi.spyOn(client, 'follow');
    letGo();
    await opening;
    await vi.waitFor(() => expect(before).toHaveBeenCalled());
  });

  it.each(['hang', 'end'] as const)('keeps a turn that has begun while it was being refreshed (%s)', async (ending) => {
    const conversation = await opened();
    const older = client.items;
    const { listItems } = client;
    const { request, letGo } = held(async () => ({
      data: typeof older === 'function' ? older() : older,
      has_more: false,
    }));
    client.listItems = request;
    const refreshing = conversation.refresh();
    await Promise.resolve();
    client.listItems = listItems;
    client.stream = [{ type: 'item.done', item: user('msg_5', 'Mine') }, ...answer('msg_6', 'Yours')];
    client.ending = ending;
    const sent = conversation.send({ text: 'Mine' });
    await vi.waitFor(() => expect(shown(conversation).at(-1)).toBe('Yours'));
    if (ending === 'end') await sent;
    const ends: unknown[] = [];
    conversation.store.subscribe(() => ends.push(shown(conversation).at(-1)));
    turnOfAnotherTab();
    letGo();
    await refreshing;
    conversation.stop();
    await sent;
    // What was read before the turn is never shown; what is there now is, when the turn is over.
    await vi.waitFor(() => expect(ends.at(-1)).toBe('There'));
    expect(ends).not.toContain('B');
  });

  it.each<[string, (of: Conversation) => void]>([
    ['sent', (of) => void of.sendAgain({ text: 'Hello?' })],
    ['given up', (of) => of.dismiss()],
    ['taken back', (of) => of.takeBack()],
  ])('keeps a message that waits, and is refreshed when that is %s', async (_, resolve) => {
    const conversation = await opened();
    client.ending = new RequestError(0, 'no network');
    await conversation.send({ text: 'Hello?' });
    turnOfAnotherTab();
    await conversation.refresh();
    expect(shown(conversation).at(-1)).toBe('B');
    expect(conversation.store.latest).toMatchObject({
      pending: { text: 'Hello?' },
      problem: { again: { type: 'send', message: { text: 'Hello?' } } },
    });
    client.ending = 'end';
    client.stream = [{ type: 'item.done', item: user('msg_5', 'Hello?') }, ...answer('msg_6', 'Yes')];
    resolve(conversation);
    await vi.waitFor(() => expect(shown(conversation)).toEqual(['Elsewhere', 'There']));
  });
});

describe('a message that waits to be sent again', () => {
  it('is not replaced by another one, nor by anything else that asks for an answer', async () => {
    const conversation = await opened();
    client.ending = new RequestError(0, 'no network');
    await conversation.send({ text: 'First try' });
    await conversation.send({ text: 'Another' });
    expect(conversation.retry('msg_4')).toBe(false);
    expect(conversation.edit('msg_3', 'Changed')).toBe(false);
    expect(client.sent.map(({ text }) => text)).toEqual(['First try']);
    expect(conversation.store.latest.pending).toEqual({ text: 'First try' });
  });
});

describe('an edit of a question that is no longer there', () => {
  const gone = new RequestError(404, 'There is no item msg_3.', 'item.not_found');

  it('shows the conversation as it is now', async () => {
    const conversation = await opened();
    client.ending = gone;
    client.items = [assistant('msg_6', 'C'), user('msg_5', 'Third')];
    conversation.edit('msg_3', 'Third');
    await vi.waitFor(() => expect(shown(conversation)).toEqual(['Third', 'C']));
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', problem: undefined });
  });

  it.each([false, true])('does not lose what was written (an answer is being written: %s)', async (isLive) => {
    const conversation = await opened();
    client.ending = gone;
    conversation.edit('msg_3', 'Third');
    turnOfAnotherTab();
    await idle(conversation);
    client.ending = 'end';
    client.stream = answer('msg_8', 'There');
    if (isLive) client.live.add('thr_1');
    const again = { type: 'send', message: { text: 'Third' } };
    await vi.waitFor(() => expect(conversation.store.latest.problem).toMatchObject({ tone: 'info', again }));
    expect(shown(conversation)).toEqual(['Elsewhere', 'There']);
  });

  it('says so if that cannot be shown', async () => {
    const conversation = await opened();
    client.ending = gone;
    client.getThread = () => Promise.reject(new RequestError(0, 'no network'));
    conversation.edit('msg_3', 'Third');
    await idle(conversation);
    expect(conversation.store.latest.problem).toMatchObject({
      text: texts.core.changed,
      again: { type: 'edit', itemId: 'msg_3', text: 'Third' },
    });
  });
});

describe('an action that is answered at once', () => {
  it('changes its item, and nothing of a turn', async () => {
    const conversation = await opened();
    client.ending = 'hang';
    client.stream = [];
    conversation.retry('msg_4');
    client.sendActionNow = async () => assistant('msg_2', 'A, changed');
    await conversation.sendActionNow('msg_2', { type: 'like' });
    expect(shown(conversation)[1]).toBe('A, changed');
    expect(conversation.store.latest).toMatchObject({ phase: 'waiting', hasOutput: false });
    conversation.stop();
  });
});
