import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Model } from '../protocol/types.js';
import { Chat } from './chat.js';
import { RequestError } from '../protocol/client.js';
import { Memory } from './memory.js';
import { answer, assistant, FakeClient, memoryOf, preamble, thread, user } from './testing.js';

let client: FakeClient;
let memory: Memory;

beforeEach(() => {
  client = new FakeClient();
  memory = memoryOf();
});

const newChat = (): Chat => new Chat({ client, memory, schedule: (run) => run(), sleep: async () => undefined });
const settled = (chat: Chat) => vi.waitFor(() => expect(chat.store.latest.current.store.latest.phase).toBe('idle'));

const model = (id: string): Model => ({ id, label: id, description: '', default: false });
const forbidden = (): never => {
  throw new Error('denied');
};

describe('the page’s state', () => {
  it('opens the thread that was open last', async () => {
    memory.threadId = 'thr_1';
    client.items = [assistant('msg_2', 'Hello'), user('msg_1', 'Hi')];
    const chat = newChat();
    await chat.start();
    expect(chat.store.latest.current.store.latest.entries).toHaveLength(2);
  });

  it('remembers a new thread, puts it on top of the list, and forgets it with a new chat', async () => {
    client.threads = [thread('thr_0', { title: 'Before' })];
    const chat = newChat();
    await chat.start();
    client.stream = [...preamble('Hi  there'), ...answer('msg_2', 'Hello')];
    chat.send({ text: 'Hi  there' });
    await vi.waitFor(() => expect(memory.threadId).toBe('thr_1'));
    const { threads, openings } = chat.threads.store.latest;
    expect(threads.map(({ id }) => id)).toEqual(['thr_1', 'thr_0']);
    expect(openings['thr_1']).toBe('Hi there');
    await settled(chat);
    chat.newChat();
    expect(memory.threadId).toBeUndefined();
  });

  it('returns to an answer that has continued in the meantime', async () => {
    client.stream = preamble('Hi');
    client.ending = 'hang';
    const chat = newChat();
    chat.send({ text: 'Hi' });
    await vi.waitFor(() => expect(chat.store.latest.answering.has('thr_1')).toBe(true));
    const first = chat.store.latest.current;
    chat.newChat();
    expect(chat.store.latest.current).not.toBe(first);
    expect(memory.threadId).toBeUndefined();
    chat.openThread('thr_1');
    expect(chat.store.latest.current).toBe(first);
    expect(memory.threadId).toBe('thr_1');
    first.stop();
    await vi.waitFor(() => expect(chat.store.latest.answering.size).toBe(0));
  });

  it('starts a new chat if the remembered thread no longer exists', async () => {
    memory.threadId = 'thr_9';
    client.getThread = () => Promise.reject(new RequestError(404, 'no'));
    const chat = newChat();
    await chat.start();
    expect(chat.store.latest.current.threadId).toBeUndefined();
    expect(memory.threadId).toBeUndefined();
  });

  it('sends the chosen model, unless it is no longer offered', async () => {
    client.models = [model('a/one'), model('a/two')];
    memory.model = 'a/two';
    const chat = newChat();
    await chat.start();
    client.stream = [...preamble('Hi'), ...answer('msg_2', 'Hello')];
    chat.send({ text: 'Hi' });
    await settled(chat);
    chat.chooseModel('b/gone');
    chat.send({ text: 'Hi' });
    await settled(chat);
    expect(client.sent.map((message) => message.model)).toEqual(['a/two', undefined]);
    expect(memory.model).toBe('b/gone');
  });

  it('works with a browser that stores nothing', async () => {
    const area = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    memory = new Memory(area);
    const chat = newChat();
    await chat.start();
    client.stream = [...preamble('Hi'), ...answer('msg_2', 'Hello')];
    chat.send({ text: 'Hi' });
    await settled(chat);
    expect(chat.store.latest.current.store.latest.entries).toHaveLength(2);
  });
});
