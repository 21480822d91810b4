import type { ChatClient, Outgoing } from '../protocol/client.js';
import type { Model, Thread } from '../protocol/types.js';
import { Conversation, type ConversationDeps } from './conversation.js';
import { isBusy } from './conversation-state.js';
import type { Memory } from './memory.js';
import type { Sleep } from './recover.js';
import { type Schedule, Store } from './store.js';
import { ThreadList } from './thread-list.js';
import { texts } from './texts.js';

export interface ChatState {
  readonly current: Conversation;
  /** Threads whose answer is being written, open or not. */
  readonly answering: ReadonlySet<string>;
  readonly models: readonly Model[];
  readonly model: string | undefined;
}

export interface ChatDeps {
  readonly client: ChatClient;
  readonly memory: Memory;
  readonly schedule: Schedule;
  readonly sleep: Sleep;
}

/** The whole page: the open conversation, those that continue in the background, the list, the models. */
export class Chat {
  readonly threads: ThreadList;
  readonly store: Store<ChatState>;
  /** Held while they are being answered; others are loaded again when they are opened. */
  readonly #running = new Set<Conversation>();

  constructor(private readonly deps: ChatDeps) {
    this.threads = new ThreadList(deps.client);
    const { threadId, model } = deps.memory;
    const current = new Conversation(this.#conversationDeps(), threadId);
    this.store = new Store<ChatState>({ current, answering: new Set(), models: [], model });
  }

  async start(): Promise<void> {
    await Promise.all([this.#open(this.store.latest.current), this.threads.load(), this.#loadModels()]);
  }

  newChat(): void {
    this.#show(new Conversation(this.#conversationDeps()));
  }

  openThread(id: string): void {
    if (this.store.latest.current.threadId === id) return;
    const running = [...this.#running].find((conversation) => conversation.threadId === id);
    const conversation = running ?? new Conversation(this.#conversationDeps(), id);
    this.#show(conversation);
    if (!running) void this.#open(conversation);
  }

  /** An answer that it is waiting for is followed until it is over, open or not. */
  async #open(conversation: Conversation): Promise<void> {
    this.#running.add(conversation);
    await conversation.open();
    this.#running.delete(conversation);
  }

  /** With the model that is chosen now, since the previous one may be the reason for the retry. */
  send({ text }: Outgoing): void {
    const { current } = this.store.latest;
    if (isBusy(current.store.latest)) return;
    this.#running.add(current);
    void current.send({ text, model: this.#model() }).finally(() => this.#running.delete(current));
  }

  chooseModel(id: string): void {
    this.deps.memory.model = id;
    this.store.set({ model: id });
  }

  #model(): string | undefined {
    const { models, model } = this.store.latest;
    // With one model there is no choice, and a remembered one may no longer exist.
    return models.length > 1 && models.some(({ id }) => id === model) ? model : undefined;
  }

  #show(conversation: Conversation): void {
    this.deps.memory.threadId = conversation.threadId;
    this.store.set({ current: conversation });
  }

  #conversationDeps(): ConversationDeps {
    return {
      ...this.deps,
      onThread: (conversation, thread, question) => this.#onThread(conversation, thread, question),
      onBusy: () => this.#onBusy(),
      onGone: (conversation) => {
        if (this.store.latest.current !== conversation) return;
        this.newChat();
        this.store.latest.current.store.set({ problem: { tone: 'info', text: texts.gone } });
      },
    };
  }

  #onThread(conversation: Conversation, thread: Thread, question: string | undefined): void {
    this.threads.put(thread, question);
    if (this.store.latest.current === conversation) this.deps.memory.threadId = thread.id;
    this.#onBusy();
  }

  #onBusy(): void {
    const ids = [...this.#running].flatMap(({ threadId, isAnswering }) => (threadId && isAnswering ? [threadId] : []));
    this.store.set({ answering: new Set(ids) });
  }

  async #loadModels(): Promise<void> {
    // Without a list there is nothing to choose: the server's default model answers.
    const models = await this.deps.client.listModels().catch((): readonly Model[] => []);
    this.store.set({ models });
  }
}
