import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../protocol/client.js';
import { textOf } from '../protocol/fold.js';
import { Conversation, type ConversationDeps } from './conversation.js';
import { answer, assistant, FakeClient, growing, preamble, user } from './testing.js';
import { texts } from './texts.js';

let client: FakeClient;
const onThread = vi.fn<ConversationDeps['onThread']>();
const onGone = vi.fn<ConversationDeps['onGone']>();

beforeEach(() => {
  client = new FakeClient();
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
      onBusy: () => undefined,
      onGone,
    },
    threadId,
  );
const seen = (conversation: Conversation) =>
  conversation.store.latest.entries.map(({ item, progress }) => [textOf(item), progress]);

describe('a conversation', () => {
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
    expect(conversation.store.latest.problem).toEqual({ tone: 'info', text: texts.notSent, retry: { text: 'Hi' } });
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
    const retry = allowRetry ? { text: 'Hi' } : undefined;
    expect(conversation.store.latest.problem).toEqual({ tone: 'error', text: 'Too busy.', retry });
  });

  it('shows why a message was refused, and keeps the message', async () => {
    client.ending = new RequestError(503, '');
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(conversation.store.latest).toMatchObject({
      phase: 'idle',
      pending: { text: 'Hi' },
      problem: { tone: 'error', retry: { text: 'Hi' } },
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
      expect(conversation.store.latest.problem?.text).toBe(texts.connectionLost);
    },
  );

  it('stops looking after a while, and offers to resend', async () => {
    client.stream = preamble('Hi');
    client.items = [user('msg_1', 'Hi')];
    const conversation = open();
    await conversation.send({ text: 'Hi' });
    expect(conversation.store.latest).toMatchObject({
      phase: 'idle',
      problem: { text: texts.connectionLostEarly, retry: { text: 'Hi' } },
    });
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
    expect(conversation.store.latest.problem).toEqual({ tone: 'info', text: texts.unanswered, retry: { text: 'Hi' } });
  });

  it('may no longer exist', async () => {
    client.getThread = () => Promise.reject(new RequestError(404, 'no'));
    const conversation = open('thr_1');
    await conversation.open();
    expect(onGone).toHaveBeenCalledWith(conversation);
  });
});
