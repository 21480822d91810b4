import type { ChatClient, Following, Outgoing } from '../protocol/client.js';
import { readItem } from '../protocol/read-event.js';
import type { ChatEvent, Item, Model, Page, Thread } from '../protocol/types.js';
import { Memory } from './memory.js';

const CREATED_AT = '2026-01-01T00:00:00Z';

export const thread = (id: string, more: Partial<Thread> = {}): Thread => ({ id, created_at: CREATED_AT, ...more });

export function user(id: string, text: string): Item {
  return { id, type: 'user_message', created_at: CREATED_AT, content: [{ type: 'input_text', text }] };
}

export function assistant(id: string, text: string): Item {
  const item = readItem({ id, type: 'assistant_message', created_at: CREATED_AT, content: [{ text }] });
  if (!item) throw new Error('not an item');
  return item;
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

function areaOf(values: Record<string, string>) {
  return {
    getItem: (key: string) => values[key] ?? null,
    setItem: (key: string, value: string) => void (values[key] = value),
    removeItem: (key: string) => void delete values[key],
  };
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
    return { events: this.#play(signal), stop: async () => void this.stopped.push(threadId) };
  };

  listThreads = async (): Promise<Page<Thread>> => page(this.threads);
  getThread = async (id: string): Promise<Thread> => thread(id);
  listItems = async (): Promise<Page<Item>> => page(typeof this.items === 'function' ? this.items() : this.items);
  listModels = async (): Promise<readonly Model[]> => this.models;
}
