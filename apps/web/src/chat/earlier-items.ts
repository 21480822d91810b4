import { asEntries, type Entries, withFeedback } from '../protocol/fold.js';
import type { ChatClient } from '../protocol/client.js';
import type { FeedbackKind } from '../protocol/types.js';
import { type ConversationState, type Problem } from './conversation-state.js';
import { upToQuestion } from './questions.js';
import { runsOf, withOutcomes } from './outcomes.js';
import type { Store } from './store.js';

/** Items that are asked for at once: drawing them must not keep the page from answering. */
export const PAGE = 12;
/** Items that are asked for to find a question. */
const LARGE_PAGE = 100;

export interface EarlierItemsDeps {
  readonly client: ChatClient;
  readonly store: Store<ConversationState>;
  /** What the person has said about items, shown or not yet loaded. */
  readonly feedback: () => ReadonlyMap<string, FeedbackKind>;
  readonly why: (error: unknown) => Pick<Problem, 'text' | 'cause'>;
}

/** The items of a thread before those that are shown, page by page. */
export class EarlierItems {
  #loading: Promise<void> | undefined;

  constructor(private readonly deps: EarlierItemsDeps) {}

  /** One page of them. A second call waits for the first one's. */
  load(limit = PAGE): Promise<void> {
    this.#loading ??= this.#loadPage(limit).finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** The entries up to the question that an item answers; undefined if it is not there, or cannot be loaded. */
  async upToQuestion(itemId: string): Promise<Entries | undefined> {
    const { store } = this.deps;
    let before: string | undefined;
    let entries: Entries | undefined;
    // Until it is there, or nothing more comes.
    do {
      before = store.latest.earlier;
      await this.load(LARGE_PAGE);
      entries = upToQuestion(store.latest.entries, itemId);
    } while (!entries && store.latest.earlier && store.latest.earlier !== before);
    return entries;
  }

  async #loadPage(limit: number): Promise<void> {
    const { client, store, feedback, why } = this.deps;
    const { threadId, earlier } = store.latest;
    if (!threadId || !earlier) return;
    try {
      const page = await client.listItems(threadId, { limit, order: 'desc', after: earlier });
      const runs = await runsOf(client, threadId, { itemIds: page.data.map(({ id }) => id) });
      // The thread may have been loaded anew in the meantime, or what this page goes before was removed.
      if (store.latest.earlier !== earlier) return;
      const before = withFeedback(asEntries(page.data.toReversed()), feedback());
      // The last answer of the page may end among the entries that are there.
      const entries = withOutcomes([...before, ...store.latest.entries], runs);
      store.set({ entries, earlier: page.after });
    } catch (error) {
      // What the person may try again or send again is not lost for this: the button for earlier items is still there.
      store.set({ problem: store.latest.problem ?? { tone: 'error', ...why(error) } });
    }
  }
}
