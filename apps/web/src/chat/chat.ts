import { texts } from '../i18n/texts.js';
import type { ChatClient, Outgoing } from '../protocol/client.js';
import type { AssistantChoice, PageConfig } from '../protocol/page-config.js';
import type { Model, Thread } from '../protocol/types.js';
import type { Address } from './address.js';
import { Conversation, type ConversationDeps } from './conversation.js';
import { type Again, isBusy, isFree } from './conversation-state.js';
import { fileNameOf, loadAll, toMarkdown } from './export-markdown.js';
import type { Memory } from './memory.js';
import type { Sleep } from './recover.js';
import { type Schedule, Store } from './store.js';
import { watchServer } from './server-watch.js';
import type { TabMessage, Tabs } from './tabs.js';
import { ThreadSearch } from './thread-search.js';
import { ThreadList } from './thread-list.js';

export interface ChatState {
  readonly current: Conversation;
  /** Threads whose answer is being written, open or not. */
  readonly answering: ReadonlySet<string>;
  readonly models: readonly Model[];
  readonly model: string | undefined;
  /** What the server offers; undefined until it has said so. */
  readonly config?: PageConfig | undefined;
  /** No worker answers, and that is not because the server is just starting. */
  readonly isUnserved: boolean;
  /** The assistant that was chosen, if there are several; see {@link assistantOf}. */
  readonly assistant: string | undefined;
}

/** The assistant that answers. Undefined while the server's assistants are not known. */
export function assistantOf({
  config,
  assistant,
}: Pick<ChatState, 'config' | 'assistant'>): AssistantChoice | undefined {
  const { assistants = [] } = config ?? {};
  return assistants.find(({ id }) => id === assistant) ?? assistants.find((one) => one.default) ?? assistants[0];
}

export interface ChatDeps {
  readonly client: ChatClient;
  readonly memory: Memory;
  readonly address: Address;
  readonly tabs: Tabs;
  readonly schedule: Schedule;
  readonly sleep: Sleep;
  /** Whether anybody looks at the page. */
  readonly isVisible: () => boolean;
  /** Whether somebody is about to ask something. */
  readonly isInUse: () => boolean;
  /** A conversation was deleted, here or in another tab. */
  readonly onDeleted: (threadId: string) => void;
}

/** The whole page: the open conversation, those that continue in the background, the list, the models. */
export class Chat {
  readonly threads: ThreadList;
  readonly search: ThreadSearch;
  readonly store: Store<ChatState>;
  /** Held while they are being answered, or have a message that waits; others are loaded again when they are opened. */
  readonly #running = new Set<Conversation>();

  readonly #isLocal = (): boolean => this.store.latest.config?.local === true;

  constructor(private readonly deps: ChatDeps) {
    this.threads = new ThreadList(deps.client, this.#isLocal);
    this.search = new ThreadSearch(deps.client, (found) => void this.threads.name(found), this.#isLocal);
    const { model, assistant } = deps.memory;
    const threadId = deps.address.threadId ?? deps.memory.threadId;
    deps.address.replace(threadId);
    deps.memory.threadId = threadId;
    const current = new Conversation(this.#conversationDeps(), threadId);
    this.store = new Store<ChatState>({
      current,
      answering: new Set(),
      models: [],
      model,
      assistant,
      isUnserved: false,
    });
  }

  async start(): Promise<void> {
    await Promise.all([
      this.#open(this.store.latest.current),
      this.threads.load(),
      this.#loadModels(),
      this.#loadConfig(),
    ]);
  }

  /** From now on the page knows whether anybody answers, also while nothing is asked. */
  watch(): void {
    const { client, isVisible, isInUse, sleep } = this.deps;
    const onConfig = (config: PageConfig): void => this.#takeConfig(config);
    void watchServer({ configNow: () => client.configNow(), isVisible, isInUse, sleep, onConfig });
  }

  newChat(): void {
    this.deps.address.go(undefined);
    this.#showNew();
  }

  openThread(id: string): void {
    this.deps.address.go(id);
    this.#showThread(id);
  }

  /** The person went back or forward: the address is there already. */
  arrive(threadId: string | undefined): void {
    if (threadId === undefined) this.#showNew();
    else this.#showThread(threadId);
  }

  #showNew(): void {
    this.#show(new Conversation(this.#conversationDeps()));
  }

  #showThread(id: string): void {
    if (this.store.latest.current.threadId === id) return;
    const running = [...this.#running].find((conversation) => conversation.threadId === id);
    const conversation = running ?? new Conversation(this.#conversationDeps(), id);
    this.#show(conversation);
    if (!running) void this.#open(conversation);
    else if (!isBusy(running.store.latest)) void this.#refresh(running);
  }

  /** An answer that it is waiting for is followed until it is over, open or not. */
  async #open(conversation: Conversation): Promise<void> {
    this.#running.add(conversation);
    await conversation.open();
    this.#running.delete(conversation);
  }

  send(message: Outgoing): void {
    void this.store.latest.current.send({ ...message, model: this.#model() });
  }

  /** Rejects with a `RequestError`. */
  async rename(id: string, title: string): Promise<void> {
    const thread = await this.deps.client.renameThread(id, title);
    this.#tellThread(thread, undefined);
    this.threads.put(thread, undefined);
    this.search.put(thread);
  }

  /** With all its messages. Rejects with a `RequestError`. */
  async delete(id: string): Promise<void> {
    await this.deps.client.deleteThread(id);
    this.deps.tabs.tell({ type: 'deleted', threadId: id });
    this.#forget(id);
  }

  #forget(id: string): void {
    this.threads.forget(id);
    this.search.forget(id);
    this.deps.onDeleted(id);
    const { current } = this.store.latest;
    if (current.threadId !== id) return;
    // There is nothing to go back to.
    this.deps.address.replace(undefined);
    this.#showNew();
  }

  /** The whole conversation as Markdown. Rejects with a `RequestError`. */
  async export(id: string, title: string): Promise<{ readonly name: string; readonly text: string }> {
    const items = await loadAll(this.deps.client, id);
    return { name: fileNameOf(title), text: toMarkdown(title, items) };
  }

  /** What another tab has done. */
  receive(message: TabMessage): void {
    switch (message.type) {
      case 'thread':
        this.threads.put(message.thread, message.question);
        return this.search.put(message.thread);
      case 'deleted':
        return this.#forget(message.threadId);
      case 'turn': {
        const { current } = this.store.latest;
        if (current.threadId === message.threadId) void this.#refresh(current);
      }
    }
  }

  async #refresh(conversation: Conversation): Promise<void> {
    await conversation.refresh();
    this.#onBusy(conversation);
  }

  #tellThread(thread: Thread, question: string | undefined): void {
    this.deps.tabs.tell({ type: 'thread', thread, question });
  }

  /** With the model that is chosen now, since the previous one may be the reason for sending again. */
  goOn(again: Again): void {
    const { current } = this.store.latest;
    if (again.type === 'send') void current.sendAgain({ ...again.message, model: this.#model() });
    else if (again.type === 'edit') current.edit(again.itemId, again.text);
    else if (again.type === 'open') void this.#open(current);
    else if (again.type === 'action') void current.sendAction(again.itemId, again.action);
    else current.retry(again.itemId);
  }

  chooseModel(id: string): void {
    this.deps.memory.model = id;
    this.store.set({ model: id });
  }

  /** Of all conversations from now on: any assistant answers in any thread. */
  chooseAssistant(id: string): void {
    this.deps.memory.assistant = id;
    this.store.set({ assistant: id });
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
      model: () => this.#model(),
      isLocal: this.#isLocal,
      onBusy: (conversation) => this.#onBusy(conversation),
      onTurn: (threadId) => this.deps.tabs.tell({ type: 'turn', threadId }),
      onGone: (conversation) => {
        if (this.store.latest.current !== conversation) return;
        this.deps.address.replace(undefined);
        this.#showNew();
        this.store.latest.current.store.set({ problem: { tone: 'info', text: texts.core.gone } });
      },
    };
  }

  #onThread(conversation: Conversation, thread: Thread, question: string | undefined): void {
    this.threads.put(thread, question);
    if (question !== undefined || conversation.isAnswering) this.#tellThread(thread, question);
    if (this.store.latest.current === conversation) {
      this.deps.memory.threadId = thread.id;
      this.deps.address.replace(thread.id);
    }
    this.#showAnswering();
  }

  #onBusy(conversation: Conversation): void {
    if (isFree(conversation.store.latest)) this.#running.delete(conversation);
    else this.#running.add(conversation);
    this.#showAnswering();
  }

  #showAnswering(): void {
    const ids = [...this.#running].flatMap(({ threadId, isAnswering }) => (threadId && isAnswering ? [threadId] : []));
    this.store.set({ answering: new Set(ids) });
  }

  async #loadModels(): Promise<void> {
    // Without a list there is nothing to choose: the server's default model answers.
    const models = await this.deps.client.listModels().catch((): readonly Model[] => []);
    this.store.set({ models });
  }

  /** The first look; `watch` does the others. */
  async #loadConfig(): Promise<void> {
    // Without it there is nothing to choose and nothing to attach; messages are answered all the same.
    const config = await this.deps.client.config().catch(() => undefined);
    if (config) this.#takeConfig(config);
  }

  #takeConfig(config: PageConfig): void {
    const { assistant, config: before } = this.store.latest;
    const isGone = config.ready && assistant !== undefined && !config.assistants.some(({ id }) => id === assistant);
    if (isGone) this.deps.memory.assistant = undefined;
    // At the first look a worker may still be starting with the server.
    const isUnserved = !config.ready && before !== undefined;
    this.store.set({ config, isUnserved, assistant: isGone ? undefined : assistant });
    // An answer may have failed before it.
    if (before === undefined) void this.store.latest.current.explain();
    // The models come from the workers, too.
    if (before?.ready === false && config.ready) void this.#loadModels();
  }
}
