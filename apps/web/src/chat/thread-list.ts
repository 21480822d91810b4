import type { ChatClient } from '../protocol/client.js';
import { textOf } from '../protocol/fold.js';
import type { Thread } from '../protocol/types.js';
import { Store } from './store.js';
import { explain } from './error-text.js';

export interface ThreadListState {
  readonly threads: readonly Thread[];
  /** The first words of threads without a title, by id; empty if there are none, absent until that is known. */
  readonly openings: Readonly<Record<string, string>>;
  readonly after?: string | undefined;
  readonly phase: 'loading' | 'idle';
  readonly problem?: string | undefined;
}

const PAGE = 20;
const OPENING_LENGTH = 80;

/** The user's threads, newest first, a page at a time. */
export class ThreadList {
  readonly store = new Store<ThreadListState>({ threads: [], openings: {}, phase: 'loading' });

  constructor(
    private readonly client: ChatClient,
    /** Whether the person is the operator, who is told the causes of failures. */
    private readonly isLocal: () => boolean = () => false,
  ) {}

  /** Loads the first page, or the next one. */
  async load(): Promise<void> {
    this.store.set({ phase: 'loading', problem: undefined });
    try {
      const { after } = this.store.latest;
      const page = await this.client.listThreads({ limit: PAGE, order: 'desc', after });
      const known = new Set(this.store.latest.threads.map(({ id }) => id));
      const added = page.data.filter(({ id }) => !known.has(id));
      this.store.set({ phase: 'idle', threads: [...this.store.latest.threads, ...added], after: page.after });
      await this.name(added);
    } catch (error) {
      this.store.set({ phase: 'idle', problem: explain(error, this.isLocal()) });
    }
  }

  /** A thread that was created or has changed. `question` is its first message, if known. */
  put(thread: Thread, question: string | undefined): void {
    const { threads, openings } = this.store.latest;
    const position = threads.findIndex(({ id }) => id === thread.id);
    const isNew = position < 0 && question !== undefined;
    this.store.set({
      threads: isNew ? [thread, ...threads] : threads.map((one) => (one.id === thread.id ? thread : one)),
      openings: isNew ? { ...openings, [thread.id]: opening(question) } : openings,
    });
  }

  /** Finds what threads without a title are called. */
  async name(threads: readonly Thread[]): Promise<void> {
    await Promise.all(threads.map((thread) => this.#loadOpening(thread)));
  }

  forget(threadId: string): void {
    this.store.set({ threads: this.store.latest.threads.filter(({ id }) => id !== threadId) });
  }

  async #loadOpening({ id, title }: Thread): Promise<void> {
    if (title || this.store.latest.openings[id]) return;
    // Only for the list, where a thread without it is named by its date.
    const page = await this.client.listItems(id, { limit: 1, order: 'asc' }).catch(() => undefined);
    const [first] = page?.data ?? [];
    const text = first ? opening(textOf(first)) : '';
    this.store.set({ openings: { ...this.store.latest.openings, [id]: text } });
  }
}

function opening(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > OPENING_LENGTH ? `${line.slice(0, OPENING_LENGTH).trimEnd()}…` : line;
}
