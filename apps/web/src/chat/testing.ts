import type { ChatClient, Following, Outgoing } from '../protocol/client.js';
import { readItem } from '../protocol/items/index.js';
import { readPageConfig } from '../protocol/page-config.js';
import { RequestError } from '../protocol/request-error.js';
import type { OpenBreaker, RunOutcome } from '../protocol/thread-requests.js';
import type { ChatEvent, FeedbackKind, Item, Model, Page, Thread } from '../protocol/types.js';
import type { Address } from './address.js';
import { Memory } from './memory.js';
import type { TabMessage, Tabs } from './tabs.js';

const CREATED_AT = '2026-01-01T00:00:00Z';

export const thread = (id: string, more: Partial<Thread> = {}): Thread => ({ id, created_at: CREATED_AT, ...more });

export function user(id: string, text: string): Item {
  return itemOf({ id, type: 'user_message', content: [{ type: 'input_text', text }] });
}

export function assistant(id: string, text: string): Item {
  return itemOf({ id, type: 'assistant_message', content: [{ text }] });
}

/** An item as the server sends it. */
export function itemOf(wire: object): Item {
  const read = readItem({ created_at: CREATED_AT, ...wire });
  if (!read) throw new Error('not an item');
  return read;
}

/** The events of a turn before those of the model. */
export const preamble = (text: string, created = true): ChatEvent[] => [
  ...(created ? [{ type: 'thread', thread: thread('thr_1'), created } as const] : []),
  { type: 'item.done', item: user('msg_1', text) },
  { type: 'options', allowCancel: true },
];

export const growing = (id: string, ...deltas: readonly string[]): ChatEvent[] => [
  { type: 'item.added', item: assistant(id, '') },
  ...deltas.map((delta): ChatEvent => ({ type: 'item.updated', id, update: { type: 'delta', index: 0, delta } })),
];

export const answer = (id: string, text: string): ChatEvent[] => [
  ...growing(id, text),
  { type: 'item.done', item: assistant(id, text) },
];

export function areaOf(values: Record<string, string>) {
  return {
    getItem: (key: string) => values[key] ?? null,
    setItem: (key: string, value: string) => void (values[key] = value),
    removeItem: (key: string) => void delete values[key],
  };
}

/** An address bar that remembers where the page has been. */
export class FakeAddress implements Address {
  readonly visited: (string | undefined)[] = [];

  threadId: string | undefined = undefined;

  go(threadId: string | undefined): void {
    if (threadId === this.threadId) return;
    this.visited.push(this.threadId);
    this.threadId = threadId;
  }

  replace(threadId: string | undefined): void {
    this.threadId = threadId;
  }
}

/** The other tabs, and what they are told. */
export class FakeTabs implements Tabs {
  readonly told: TabMessage[] = [];
  tell = (message: TabMessage): void => void this.told.push(message);
}

export const memoryOf = (): Memory => new Memory(areaOf({}));

const page = <T>(data: readonly T[]): Page<T> => ({ data, has_more: false });

/** A server whose answers the test defines; a stream with `hang` ends when its reader leaves. */
export class FakeClient implements ChatClient {
  readonly sent: (Outgoing & { readonly threadId: string | undefined })[] = [];
  stream: readonly ChatEvent[] = [];
  ending: 'end' | 'hang' | Error = 'end';
  threads: readonly Thread[] = [];
  models: readonly Model[] = [];
  /** Newest first; a function is called each time. */
  items: readonly Item[] | (() => readonly Item[]) = [];

  async *send(threadId: string | undefined, message: Outgoing, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    this.sent.push({ ...message, threadId });
    yield* this.#play(signal);
  }

  /** Other requests for an answer: their names and arguments. */
  readonly asked: (readonly [string, ...unknown[]])[] = [];

  async *#ask(signal: AbortSignal, ...asked: readonly [string, ...unknown[]]): AsyncGenerator<ChatEvent> {
    this.asked.push(asked);
    yield* this.#play(signal);
  }

  retry: ChatClient['retry'] = (threadId, questionId, signal) => this.#ask(signal, 'retry', threadId, questionId);
  edit: ChatClient['edit'] = (threadId, questionId, { text }, signal) =>
    this.#ask(signal, 'edit', threadId, questionId, text);
  sendAction: ChatClient['sendAction'] = (threadId, request, signal) => this.#ask(signal, 'action', threadId, request);
  submitForm: ChatClient['submitForm'] = (threadId, itemId, input, signal) =>
    this.#ask(signal, 'form', threadId, itemId, input);
  answerClientTool: ChatClient['answerClientTool'] = (threadId, result, signal) =>
    this.#ask(signal, 'client tool', threadId, result);
  sendActionNow: ChatClient['sendActionNow'] = async (threadId, request) => {
    this.asked.push(['action now', threadId, request]);
    return undefined;
  };
  /** Newest first. */
  runs: readonly RunOutcome[] = [];
  breakers: readonly OpenBreaker[] = [];
  listRuns: ChatClient['listRuns'] = async () => this.runs;
  given: ReadonlyMap<string, FeedbackKind> = new Map();
  listFeedback = async (): Promise<ReadonlyMap<string, FeedbackKind>> => this.given;
  openBreakers = async (): Promise<readonly OpenBreaker[]> => this.breakers;
  renameThread: ChatClient['renameThread'] = async (id, title) => {
    this.asked.push(['rename', id, title]);
    return thread(id, { title });
  };
  deleteThread: ChatClient['deleteThread'] = async (id) => void this.asked.push(['delete', id]);
  found: readonly Thread[] = [];
  searchThreads: ChatClient['searchThreads'] = async (words) => {
    this.asked.push(['search', words]);
    return page(this.found);
  };
  feedback: ChatClient['feedback'] = async (...given) => void this.asked.push(['feedback', ...given]);

  async *#play(signal: AbortSignal): AsyncGenerator<ChatEvent> {
    yield* this.stream;
    if (this.ending instanceof Error) throw this.ending;
    if (this.ending === 'hang') {
      signal.throwIfAborted();
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    }
  }

  /** Threads whose answer is being written: `stream` and `ending` play it. */
  readonly live = new Set<string>();
  readonly stopped: string[] = [];

  follow = async (threadId: string, signal: AbortSignal): Promise<Following | undefined> => {
    if (!this.live.has(threadId)) return undefined;
    return { runId: 'run_live', events: this.#play(signal), stop: async () => void this.stopped.push(threadId) };
  };

  listThreads = async (): Promise<Page<Thread>> => page(this.threads);
  getThread = async (id: string): Promise<Thread> => thread(id);
  listItems = async (): Promise<Page<Item>> => page(typeof this.items === 'function' ? this.items() : this.items);
  config: ChatClient['config'] = async () => readPageConfig(this.settings);
  configNow: ChatClient['configNow'] = async () => readPageConfig(this.settings);
  settings: unknown = {};
  announceFile: ChatClient['announceFile'] = () => Promise.reject(new RequestError(501, ''));
  sendFile: ChatClient['sendFile'] = () => Promise.reject(new RequestError(501, ''));
  deleteAttachment: ChatClient['deleteAttachment'] = async () => undefined;
  transcribe: ChatClient['transcribe'] = () => Promise.reject(new RequestError(501, ''));
  listModels = async (): Promise<readonly Model[]> => this.models;
}
