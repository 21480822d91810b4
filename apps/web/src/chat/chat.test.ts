import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Model } from '../protocol/types.js';
import { assistantOf, Chat, type ChatDeps } from './chat.js';
import { RequestError } from '../protocol/request-error.js';
import { Memory } from './memory.js';
import {
  answer,
  assistant,
  FakeAddress,
  FakeClient,
  FakeTabs,
  growing,
  memoryOf,
  preamble,
  thread,
  user,
} from './testing.js';

let client: FakeClient;
let memory: Memory;
let address: FakeAddress;
let tabs: FakeTabs;

beforeEach(() => {
  client = new FakeClient();
  memory = memoryOf();
  address = new FakeAddress();
  tabs = new FakeTabs();
  onDeleted.mockClear();
  sleep.mockReset().mockResolvedValue(undefined);
});

const onDeleted = vi.fn<ChatDeps['onDeleted']>();
const sleep = vi.fn<ChatDeps['sleep']>();
const newChat = (): Chat =>
  new Chat({
    client,
    memory,
    address,
    tabs,
    schedule: (run) => run(),
    sleep,
    isVisible: () => true,
    isInUse: () => false,
    onDeleted,
  });
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

  it('returns to a message that waits to be sent again, until it does not wait any more', async () => {
    const chat = newChat();
    chat.openThread('thr_1');
    await settled(chat);
    client.ending = new RequestError(0, 'no network');
    chat.send({ text: 'Hello?' });
    await settled(chat);
    const first = chat.store.latest.current;
    chat.newChat();
    chat.openThread('thr_1');
    expect(chat.store.latest.current).toBe(first);
    expect(first.store.latest.pending).toMatchObject({ text: 'Hello?' });
    first.dismiss();
    chat.newChat();
    chat.openThread('thr_1');
    expect(chat.store.latest.current).not.toBe(first);
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

  it('asks the assistant that was chosen, and forgets one that the server no longer has', async () => {
    client.settings = { ready: true, assistants: [{ id: 'main', default: true }, { id: 'poet' }] };
    memory.assistant = 'gone';
    const chat = newChat();
    await chat.start();
    expect([memory.assistant, assistantOf(chat.store.latest)?.id]).toEqual([undefined, 'main']);
    chat.chooseAssistant('poet');
    expect([memory.assistant, assistantOf(chat.store.latest)?.id]).toEqual(['poet', 'poet']);
  });

  it('keeps the choice of an assistant while no worker is there', async () => {
    client.settings = { ready: false, assistants: [] };
    memory.assistant = 'poet';
    const chat = newChat();
    await chat.start();
    expect([memory.assistant, assistantOf(chat.store.latest)]).toEqual(['poet', undefined]);
  });

  it('tells that nobody answers at the second look, and asks for the models when somebody does again', async () => {
    client.settings = { ready: false };
    const chat = newChat();
    await chat.start();
    expect(chat.store.latest.isUnserved).toBe(false);
    const looks: (() => void)[] = [];
    sleep.mockImplementation(() => new Promise((resolve) => void looks.push(resolve)));
    chat.watch();
    looks.shift()?.();
    await vi.waitFor(() => expect(chat.store.latest.isUnserved).toBe(true));
    client.settings = { ready: true };
    client.models = ['a/one', 'a/two'].map((id) => ({ id, label: id, description: '', default: false }));
    // The next look comes after several pauses.
    await vi.waitFor(() => {
      looks.shift()?.();
      expect(chat.store.latest.models).toHaveLength(2);
    });
    expect(chat.store.latest.isUnserved).toBe(false);
  });

  it('tells at the first look that nobody answers any more', async () => {
    const chat = newChat();
    await chat.start();
    expect(chat.store.latest.isUnserved).toBe(false);
    client.settings = { ready: false };
    sleep.mockResolvedValueOnce(undefined).mockReturnValue(new Promise(() => undefined));
    chat.watch();
    await vi.waitFor(() => expect(chat.store.latest.isUnserved).toBe(true));
  });

  it('has an address for each conversation, and goes where the address leads', async () => {
    address.threadId = 'thr_7';
    memory.threadId = 'thr_1';
    const chat = newChat();
    await chat.start();
    expect(chat.store.latest.current.threadId).toBe('thr_7');
    chat.openThread('thr_1');
    chat.newChat();
    expect([...address.visited, address.threadId]).toEqual(['thr_7', 'thr_1', undefined]);
    chat.arrive('thr_1');
    expect(chat.store.latest.current.threadId).toBe('thr_1');
    chat.arrive(undefined);
    expect(chat.store.latest.current.threadId).toBeUndefined();
  });

  it('gives a new conversation its address, and no second place in the history', async () => {
    const chat = newChat();
    client.stream = [...preamble('Hi'), ...answer('msg_2', 'Hello')];
    chat.send({ text: 'Hi' });
    await settled(chat);
    expect([address.visited, address.threadId]).toEqual([[], 'thr_1']);
  });

  it('renames and deletes, and tells the other tabs', async () => {
    client.threads = [thread('thr_1', { title: 'One' }), thread('thr_2', { title: 'Two' })];
    const chat = newChat();
    await chat.start();
    chat.openThread('thr_1');
    await chat.rename('thr_2', 'Three');
    expect(chat.threads.store.latest.threads.map(({ title }) => title)).toEqual(['One', 'Three']);
    await chat.delete('thr_1');
    expect(chat.threads.store.latest.threads.map(({ id }) => id)).toEqual(['thr_2']);
    expect([chat.store.latest.current.threadId, address.threadId]).toEqual([undefined, undefined]);
    expect(tabs.told.map(({ type }) => type)).toEqual(['thread', 'deleted']);
    expect(onDeleted.mock.calls).toEqual([['thr_1']]);
  });

  it('follows what other tabs do', async () => {
    client.threads = [thread('thr_1', { title: 'One' })];
    const chat = newChat();
    await chat.start();
    chat.openThread('thr_1');
    await settled(chat);
    chat.receive({ type: 'thread', thread: thread('thr_2'), question: 'Hi there' });
    expect(chat.threads.store.latest.openings['thr_2']).toBe('Hi there');
    client.live.add('thr_1');
    client.items = [user('msg_1', 'Hi')];
    client.stream = growing('msg_2', 'Hel', 'lo');
    client.ending = 'hang';
    chat.receive({ type: 'turn', threadId: 'thr_1' });
    const { current } = chat.store.latest;
    await vi.waitFor(() => expect(current.store.latest.entries).toHaveLength(2));
    expect(chat.store.latest.answering).toEqual(new Set(['thr_1']));
    current.stop();
    await settled(chat);
    chat.receive({ type: 'deleted', threadId: 'thr_1' });
    expect(onDeleted.mock.calls).toEqual([['thr_1']]);
    expect(chat.store.latest.current.threadId).toBeUndefined();
  });

  it('tells the other tabs when an answer begins', async () => {
    const chat = newChat();
    client.stream = [...preamble('Hi'), ...answer('msg_2', 'Hello')];
    chat.send({ text: 'Hi' });
    await settled(chat);
    client.stream = [{ type: 'run', id: 'run_1' }, ...preamble('More', false), ...answer('msg_4', 'Yes')];
    chat.send({ text: 'More' });
    await settled(chat);
    expect(tabs.told.at(-1)).toEqual({ type: 'turn', threadId: 'thr_1' });
  });
});
