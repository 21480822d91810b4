import type { ChatClient } from '../protocol/client.js';
import type { FoundThread } from '../protocol/thread-requests.js';
import type { Thread } from '../protocol/types.js';
import { explain } from './error-text.js';
import { Store } from './store.js';

export interface ThreadSearchState {
  /** Empty: nothing is being searched for. */
  readonly words: string;
  readonly phase: 'idle' | 'searching';
  readonly found: readonly FoundThread[];
  readonly problem?: string | undefined;
}

const ENOUGH = 30;
/** A page may be empty though there are more: a long history is looked through a part at a time. */
const MAX_PAGES = 8;

/** Looks for conversations by their titles and messages. */
export class ThreadSearch {
  readonly store = new Store<ThreadSearchState>({ words: '', phase: 'idle', found: [] });

  constructor(
    private readonly client: Pick<ChatClient, 'searchThreads'>,
    /** They are shown from now on. */
    private readonly onFound: (threads: readonly Thread[]) => void = () => undefined,
    /** Whether the person is the operator, who is told the causes of failures. */
    private readonly isLocal: () => boolean = () => false,
  ) {}

  /** The newest search: the server has one at a time for each user. */
  #last: Promise<void> = Promise.resolve();

  /** What was found before stays until the answer is there. Words that are not the newest any more are not asked for. */
  async search(given: string): Promise<void> {
    const words = given.trim();
    if (words === this.store.latest.words) return;
    this.store.set({ words, phase: words === '' ? 'idle' : 'searching', problem: undefined });
    if (words === '') return this.store.set({ found: [] });
    this.#last = this.#last.then(() => this.#answer(words));
    await this.#last;
  }

  async #answer(words: string): Promise<void> {
    if (this.store.latest.words !== words) return;
    try {
      await this.#look(words);
      if (this.store.latest.words === words) this.store.set({ phase: 'idle' });
    } catch (error) {
      if (this.store.latest.words !== words) return;
      this.store.set({ found: [], phase: 'idle', problem: explain(error, this.isLocal()) });
    }
  }

  /** Shows each page as it comes. */
  async #look(words: string): Promise<void> {
    let found: readonly FoundThread[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < MAX_PAGES && found.length < ENOUGH; pages += 1) {
      const page = await this.client.searchThreads(words, { limit: ENOUGH, after });
      if (this.store.latest.words !== words) return;
      found = [...found, ...page.data];
      this.store.set({ found });
      this.onFound(page.data);
      after = page.has_more ? page.after : undefined;
      if (after === undefined) return;
    }
  }

  /** A thread that is gone is not found any more. */
  forget(threadId: string): void {
    this.store.set({ found: this.store.latest.found.filter(({ id }) => id !== threadId) });
  }

  /** It has another title. */
  put(thread: Thread): void {
    this.store.set({
      found: this.store.latest.found.map((one) => (one.id === thread.id ? { ...one, ...thread } : one)),
    });
  }
}
