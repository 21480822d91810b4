import { type ChatClient, type Following, type Outgoing, RequestError } from '../protocol/client.js';
import { asEntries, reopenNewest } from '../protocol/fold.js';
import type { ChatEvent, Thread } from '../protocol/types.js';
import {
  type ConversationState,
  ended,
  followed,
  isAnswering,
  isBusy,
  isComplete,
  lastQuestion,
  lockOf,
  newConversation,
  recovered,
  reduce,
  sending,
  stopped,
} from './conversation-state.js';
import { findKept, type Sleep } from './recover.js';
import { type Schedule, Store } from './store.js';
import { texts, errorText } from './texts.js';

export interface ConversationDeps {
  readonly client: ChatClient;
  readonly schedule: Schedule;
  readonly sleep: Sleep;
  /** The thread was created, or has changed; `question` is its first message. */
  readonly onThread: (conversation: Conversation, thread: Thread, question: string | undefined) => void;
  readonly onBusy: () => void;
  /** Its thread does not exist. */
  readonly onGone: (conversation: Conversation) => void;
}

const PAGE = 40;
let made = 0;

/** One thread on the screen: what it shows, and what can be done with it. Continues when another one is opened. */
export class Conversation {
  readonly store: Store<ConversationState>;
  /** Identifies a conversation, also before it has a thread. */
  readonly key = (made += 1);
  #abort: AbortController | undefined;

  constructor(
    private readonly deps: ConversationDeps,
    threadId?: string,
  ) {
    const initial: ConversationState = threadId ? { ...newConversation, threadId, phase: 'loading' } : newConversation;
    this.store = new Store(initial, deps.schedule);
  }

  get threadId(): string | undefined {
    return this.store.latest.threadId;
  }

  get isAnswering(): boolean {
    return isAnswering(this.store.latest);
  }

  /** Loads the thread. An answer that is being written continues here; resolves when it is over. */
  async open(): Promise<void> {
    const { threadId } = this;
    if (!threadId) return;
    const { client } = this.deps;
    const abort = new AbortController();
    try {
      // Before the items: an answer that ends in between is then among them.
      const following = await client.follow(threadId, abort.signal);
      const [thread, page] = await Promise.all([
        client.getThread(threadId),
        client.listItems(threadId, { limit: PAGE, order: 'desc' }),
      ]);
      const stored = asEntries(page.data.toReversed());
      const entries = following ? reopenNewest(stored) : stored;
      this.store.set({ entries, earlier: page.after, locked: lockOf(thread.status) });
      this.deps.onThread(this, thread, undefined);
      if (following) await this.#goOn(following, abort);
      else this.store.set({ phase: 'idle', problem: unanswered(this.store.latest) });
    } catch (error) {
      if (error instanceof RequestError && error.status === 404) return this.deps.onGone(this);
      this.store.set({ phase: 'idle', problem: { tone: 'error', text: errorText(error) } });
    }
  }

  async loadEarlier(): Promise<void> {
    const { threadId, earlier } = this.store.latest;
    if (!threadId || !earlier) return;
    this.store.set({ earlier: undefined });
    try {
      const page = await this.deps.client.listItems(threadId, { limit: PAGE, order: 'desc', after: earlier });
      const before = asEntries(page.data.toReversed());
      this.store.set({ entries: [...before, ...this.store.latest.entries], earlier: page.after });
    } catch (error) {
      this.store.set({ earlier, problem: { tone: 'error', text: errorText(error) } });
    }
  }

  async send(message: Outgoing): Promise<void> {
    if (isBusy(this.store.latest)) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.store.set(sending(message));
    await this.#answer(this.deps.client.send(this.threadId, message, abort.signal), abort.signal);
  }

  async #goOn({ events, stop }: Following, abort: AbortController): Promise<void> {
    this.#abort = abort;
    abort.signal.addEventListener('abort', () => void stop());
    this.store.set(followed);
    await this.#answer(events, abort.signal);
  }

  async #answer(events: AsyncIterable<ChatEvent>, signal: AbortSignal): Promise<void> {
    this.deps.onBusy();
    try {
      for await (const event of events) this.#take(event);
      await this.#end();
    } catch (error) {
      if (signal.aborted) this.store.set(stopped(this.store.latest));
      else await this.#break(error);
    }
    this.deps.onBusy();
  }

  /** Aborts the request, which is the protocol's stop. */
  stop(): void {
    if (this.isAnswering && this.store.latest.allowCancel) this.#abort?.abort();
  }

  dismiss(): void {
    this.store.set({ problem: undefined, pending: undefined });
  }

  #take(event: ChatEvent): void {
    const question = this.store.latest.pending?.text;
    this.store.setSoon(reduce(this.store.latest, event));
    if (event.type === 'thread') this.deps.onThread(this, event.thread, question);
  }

  async #end(): Promise<void> {
    if (isComplete(this.store.latest)) this.store.set(ended(this.store.latest));
    else await this.#recover();
  }

  async #break(error: unknown): Promise<void> {
    const { pending } = this.store.latest;
    if (!pending) return this.#recover();
    this.store.set({ phase: 'idle', problem: { tone: 'error', text: errorText(error), retry: pending } });
  }

  async #recover(): Promise<void> {
    const { threadId } = this;
    if (!threadId) return;
    this.store.set({ phase: 'recovering' });
    const kept = await findKept(this.deps.client, threadId, this.deps.sleep);
    this.store.set(recovered(this.store.latest, kept));
  }
}

/** A thread that ends in a question: its answer has failed, or is being written for another client. */
function unanswered(state: ConversationState): ConversationState['problem'] {
  if (state.entries.at(-1)?.item.type !== 'user_message') return undefined;
  return { tone: 'info', text: texts.unanswered, retry: lastQuestion(state) };
}
