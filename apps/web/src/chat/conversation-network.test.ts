import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChatKitFetch } from '../../../../libs/client/src/index.js';
import { FakeRelay, RUN_ID, THREAD_ID } from '../../../../libs/client/src/testing/fake-relay.js';
import { texts } from '../i18n/texts.js';
import { createClient } from '../protocol/client.js';
import { textOf } from '../protocol/fold.js';
import { Conversation } from './conversation.js';
import { areaOf } from './testing.js';

const at = { created_at: '2026-01-01T00:00:00Z', thread_id: THREAD_ID };
const question = { ...at, id: 'msg_1', type: 'user_message', content: [{ type: 'input_text', text: 'Hi' }] };
const answer = { ...at, id: 'msg_2', type: 'assistant_message', content: [{ type: 'output_text', text: 'Hello' }] };
const thread = { ...at, id: THREAD_ID, status: { type: 'active' } };
const frame = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;

let relay: FakeRelay;
/** Answers in place of the server, to the next requests of a type. */
let instead: Map<string, Response[]>;
let swallows = false;

beforeEach(() => {
  const events = [question, answer].map((item) => frame({ type: 'thread.item.done', item }));
  relay = new FakeRelay(events);
  relay.state = 'working';
  instead = new Map();
  swallows = false;
});
afterEach(() => void vi.useRealTimers());

/** The server, with the requests of the protocol that are answered with JSON. */
const network: typeof fetch = async (input, init) => {
  if (swallows) await new Promise(() => undefined);
  const type = typeof init?.body === 'string' ? (JSON.parse(init.body) as { type: string }).type : '';
  const other = instead.get(type)?.shift();
  if (other) return other;
  if (type === 'threads.get_by_id') return Response.json(thread);
  if (type === 'items.list') return Response.json({ data: [question], has_more: false });
  if (String(input).endsWith('/feedback')) return Response.json({ data: [] });
  return relay.fetch(input, init);
};

function open(threadId?: string): Conversation {
  const chatFetch = createChatKitFetch({
    url: 'http://relay.test/chatkit',
    fetch: (input, init) => network(new URL(String(input), 'http://relay.test'), init),
    storage: areaOf({}),
    retry: { attempts: 1, firstMs: 1, maxMs: 1 },
    sendRetry: { attempts: 1, firstMs: 1, maxMs: 1 },
  });
  return new Conversation(
    {
      client: createClient(chatFetch, { sendFile: () => Promise.reject(new Error('no files here')) }),
      schedule: (run) => run(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onThread: () => undefined,
      isLocal: () => false,
      model: () => undefined,
      onBusy: () => undefined,
      onTurn: () => undefined,
      onGone: () => undefined,
    },
    threadId,
  );
}

const shown = ({ store }: Conversation) => store.latest.entries.map(({ item }) => textOf(item));
const unavailable = () => Response.json({}, { status: 503 });
const login = () => new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } });
const silent = () => new Response('', { headers: { 'content-type': 'text/event-stream' } });

describe('an answer that is being written', () => {
  it('is followed by the next try if the thread could not be read', async () => {
    const conversation = open(THREAD_ID);
    instead.set('items.list', [unavailable()]);
    await conversation.open();
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', problem: { again: { type: 'open' } } });
    await conversation.open();
    expect(shown(conversation)).toEqual(['Hi', 'Hello']);
    expect(conversation.store.latest.runId).toBe(RUN_ID);
    expect(relay.paths().some((path) => path.endsWith('/cancel'))).toBe(false);
  });

  it('is followed by the next refresh if the thread could not be read', async () => {
    const conversation = open(THREAD_ID);
    relay.state = 'completed';
    await conversation.open();
    relay.state = 'working';
    instead.set('items.list', [unavailable()]);
    await conversation.refresh();
    expect(shown(conversation)).toEqual(['Hi']);
    await conversation.refresh();
    expect(shown(conversation)).toEqual(['Hi', 'Hello']);
  });
});

describe('something that answers in place of the server', () => {
  it.each([
    ['a new chat', 'a page', undefined, login, texts.core.otherAnswer],
    ['a new chat', 'a stream without anything', undefined, silent, texts.core.unreachable],
    ['a thread', 'a page', THREAD_ID, login, texts.core.otherAnswer],
    ['a thread', 'a stream without anything', THREAD_ID, silent, texts.core.unreachable],
  ])('keeps a message of %s, which can be sent again (%s)', async (_chat, _what, threadId, other, text) => {
    const conversation = open(threadId);
    relay.state = 'completed';
    await conversation.open();
    const before = shown(conversation);
    instead.set(threadId ? 'threads.add_user_message' : 'threads.create', [other()]);
    await conversation.send({ text: 'Hi' });
    expect(shown(conversation)).toEqual(before);
    const { phase, pending, problem } = conversation.store.latest;
    expect({ phase, pending, text: problem?.text }).toEqual({
      phase: 'idle',
      pending: { text: 'Hi' },
      text,
    });
    expect(problem?.again).toMatchObject({ type: 'send', message: { text: 'Hi' }, isRefused: false });
    await conversation.sendAgain({ text: 'Hi' });
    expect(shown(conversation)).toEqual(['Hi', 'Hello']);
    expect(conversation.store.latest).toMatchObject({ phase: 'idle', pending: undefined, problem: undefined });
  });

  it('is told where a thread is opened', async () => {
    const conversation = open(THREAD_ID);
    instead.set('threads.get_by_id', [login()]);
    await conversation.open();
    expect(conversation.store.latest.problem).toMatchObject({ text: texts.core.otherAnswer, again: { type: 'open' } });
  });
});

it('a network that swallows what is sent: the thread cannot be loaded, and can be when the network is back', async () => {
  vi.useFakeTimers();
  const conversation = open(THREAD_ID);
  swallows = true;
  const opening = conversation.open();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(conversation.store.latest.phase).toBe('loading');
  await vi.advanceTimersByTimeAsync(10_000);
  await opening;
  const { phase, problem } = conversation.store.latest;
  expect({ phase, text: problem?.text, again: problem?.again }).toEqual({
    phase: 'idle',
    text: texts.core.unreachable,
    again: { type: 'open' },
  });
  swallows = false;
  vi.useRealTimers();
  await conversation.open();
  expect(shown(conversation)).toEqual(['Hi', 'Hello']);
});
