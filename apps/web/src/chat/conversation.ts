import type { ChatClient, Following, Outgoing } from '../protocol/client.js';
import { applyEvent, asEntries, type Entries, reopenNewest, withFeedback, withOutput } from '../protocol/fold.js';
import { RequestError } from '../protocol/request-error.js';
import type { ChatEvent, FeedbackKind, Thread } from '../protocol/types.js';
import {
  beginning,
  begun,
  type ConversationState,
  ended,
  isAnswering,
  isBusy,
  isComplete,
  isFree,
  lockOf,
  newConversation,
  type Problem,
  recovered,
  reduce,
  refused,
  stopped,
  type Trigger,
} from './conversation-state.js';
import { edited, removesMore, unsentEdit, upToQuestion } from './questions.js';
import { EarlierItems } from './earlier-items.js';
import { FailureCauses } from './failure-causes.js';
import { GivenFeedback } from './given-feedback.js';
import { problemOf, triggerOf, withOutcomes } from './outcomes.js';
import { type Follow, followSoon, readThread } from './read-thread.js';
import { findKept, type Sleep } from './recover.js';
import { type Schedule, Store } from './store.js';
import { causeOf, errorText } from './error-text.js';
import { texts } from '../i18n/texts.js';
import type { ActionOutcome, FormInput, ItemAction, ItemActions } from './item-actions.js';

export interface ConversationDeps {
  readonly client: ChatClient;
  readonly schedule: Schedule;
  readonly sleep: Sleep;
  /** The thread was created, or has changed; `question` is its first message. */
  readonly onThread: (conversation: Conversation, thread: Thread, question: string | undefined) => void;
  /** Whether the person is the operator, who is told the causes of failures. */
  readonly isLocal: () => boolean;
  /** The model that is chosen for new messages. */
  readonly model: () => string | undefined;
  /** Its turn has begun, or is over, or no message waits to be sent again any more. */
  readonly onBusy: (conversation: Conversation) => void;
  /** This conversation has begun a turn on the server. */
  readonly onTurn: (threadId: string) => void;
  /** Its thread does not exist. */
  readonly onGone: (conversation: Conversation) => void;
}

type Events = AsyncIterable<ChatEvent>;

/** Statuses that the same message would get again. */
const NOT_AS_IT_IS = new Set([400, 403, 404, 409, 413, 415, 422]);
let made = 0;

/** One thread on the screen: what it shows, and what can be done with it. Continues when another one is opened. */
export class Conversation implements ItemActions {
  readonly store: Store<ConversationState>;
  /** Identifies a conversation, also before it has a thread. */
  readonly key = (made += 1);
  #abort: AbortController | undefined;
  /** How many turns have begun here. */
  #turns = 0;
  #isRefreshing = false;
  readonly #feedback: GivenFeedback;
  readonly #earlier: EarlierItems;
  readonly #causes: FailureCauses;
  /** The thread has changed on the server, and what is shown could not be refreshed then. */
  #isStale = false;
  /** Items that came over a stream that this page has asked for. */
  readonly #liveItems = new Set<string>();

  constructor(
    private readonly deps: ConversationDeps,
    threadId?: string,
  ) {
    const initial: ConversationState = threadId ? { ...newConversation, threadId, phase: 'loading' } : newConversation;
    this.store = new Store(initial, deps.schedule);
    const { client, isLocal } = deps;
    const { store } = this;
    this.#feedback = new GivenFeedback(client, store);
    this.#causes = new FailureCauses({ client, store, isLocal });
    this.#earlier = new EarlierItems({
      client,
      store,
      feedback: this.#feedback.given,
      why: (error) => this.#why(error),
    });
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
    this.store.set({ phase: 'loading', problem: undefined });
    try {
      await this.#load(threadId, followSoon(this.deps.client, this.deps.sleep));
    } catch (error) {
      if (error instanceof RequestError && error.status === 404) return this.deps.onGone(this);
      this.store.set({ phase: 'idle', problem: { tone: 'error', ...this.#why(error), again: { type: 'open' } } });
    }
    this.#catchUp();
  }

  /**
   * Another tab has changed the thread, or an answer is being written there. What is shown stays until that is known. It
   * waits for the turn of this tab, and for a message that is to be sent again.
   */
  async refresh(): Promise<void> {
    const { threadId } = this;
    this.#isStale = threadId !== undefined;
    if (!threadId || this.#isRefreshing || !isFree(this.store.latest)) return;
    this.#isStale = false;
    this.#isRefreshing = true;
    const { client } = this.deps;
    await this.#load(threadId, (...thread) => client.follow(...thread)).catch(() => undefined);
    this.#isRefreshing = false;
    this.#catchUp();
  }

  #catchUp(): void {
    if (this.#isStale) void this.refresh();
  }

  async #load(threadId: string, follow: Follow): Promise<void> {
    const { client } = this.deps;
    const abort = new AbortController();
    const turns = this.#turns;
    const reader = { client, feedback: this.#feedback, follow };
    const { following, thread, page, runs, feedback } = await readThread(reader, threadId, abort);
    // The person has asked something in the meantime, and may have the answer already: this is older.
    if (this.#turns !== turns) {
      this.#isStale = true;
      return abort.abort();
    }
    this.#feedback.keep(feedback);
    const stored = withFeedback(withOutcomes(asEntries(page.data.toReversed()), runs), feedback);
    const entries = following ? reopenNewest(stored) : stored;
    const unsent = unsentEdit(this.store.latest.problem, entries);
    this.store.set({ entries, earlier: page.after, locked: lockOf(thread.status) });
    this.deps.onThread(this, thread, undefined);
    if (!following) return this.#settle(unsent ?? problemOf(entries, runs, page.after !== undefined));
    await this.#goOn(
      following,
      triggerOf(
        runs.find(({ id }) => id === following.runId),
        entries,
      ),
      abort,
    );
    const { phase, problem } = this.store.latest;
    if (phase === 'idle' && !problem) this.store.set({ problem: unsent });
  }

  /** Of the items before the shown ones. */
  loadEarlier(): Promise<void> {
    return this.#earlier.load();
  }

  /** Nothing is sent while another message waits to be sent again, which would take its place. */
  async send(message: Outgoing): Promise<void> {
    if (!this.store.latest.pending) await this.sendAgain(message);
  }

  /** Sends the message that waits. */
  async sendAgain(message: Outgoing): Promise<void> {
    await this.#ask({ pending: message }, (signal) => this.deps.client.send(this.threadId, message, signal));
  }

  retry(itemId: string): boolean {
    if (!this.threadId || !isFree(this.store.latest)) return false;
    const entries = upToQuestion(this.store.latest.entries, itemId);
    if (entries) return this.#answerAgain(entries);
    void this.#loadQuestion(itemId);
    return true;
  }

  /** Answers a question again whose answer is longer than what is loaded. */
  async #loadQuestion(itemId: string): Promise<void> {
    this.store.set({ phase: 'loading', problem: undefined });
    const entries = await this.#earlier.upToQuestion(itemId);
    const { problem } = this.store.latest;
    this.store.set({ phase: 'idle' });
    if (entries) this.#answerAgain(entries);
    else this.store.set({ problem: problem ?? { tone: 'info', text: texts.core.noQuestion } });
  }

  removesMore(itemId: string): boolean {
    return removesMore(this.store.latest.entries, itemId);
  }

  /** `entries`: the last one is the question. */
  #answerAgain(entries: Entries): boolean {
    const { client } = this.deps;
    const question = entries.at(-1)?.item.id ?? '';
    return this.#turn({ entries }, (threadId, signal) => client.retry(threadId, question, signal)) !== undefined;
  }

  edit(itemId: string, text: string): boolean {
    const { client } = this.deps;
    const { entries } = this.store.latest;
    const position = entries.findIndex(({ item }) => item.id === itemId);
    const question = entries[position]?.item;
    if (question?.type !== 'user_message') return false;
    const message = edited(question, text, this.deps.model());
    const change = { entries: entries.slice(0, position), pending: message, editing: itemId };
    return this.#turn(change, (threadId, signal) => client.edit(threadId, itemId, message, signal)) !== undefined;
  }

  async sendAction(itemId: string | undefined, action: ItemAction): Promise<ActionOutcome> {
    const { client } = this.deps;
    const trigger = { type: 'action', itemId, action } as const;
    const turn = this.#turn({ trigger, mayBeSilent: true }, (threadId, signal) =>
      client.sendAction(threadId, { itemId, action }, signal),
    );
    if (!turn) return 'busy';
    await turn;
    return this.store.latest.problem?.tone === 'error' ? 'failed' : 'done';
  }

  async sendActionNow(itemId: string | undefined, action: ItemAction): Promise<void> {
    const { threadId } = this;
    const item = threadId && (await this.deps.client.sendActionNow(threadId, { itemId, action }));
    if (item) this.store.set({ entries: applyEvent(this.store.latest.entries, { type: 'item.replaced', item }) });
  }

  submitForm(itemId: string, input: FormInput): boolean {
    const { client } = this.deps;
    const trigger = { type: 'answer' } as const;
    return (
      this.#turn({ trigger }, (threadId, signal) => client.submitForm(threadId, itemId, input, signal)) !== undefined
    );
  }

  isLiveCall(itemId: string): boolean {
    return this.#liveItems.has(itemId);
  }

  /** The server sends no event for the call that it completes [TC-3]. */
  answerClientTool(result: unknown): boolean {
    const { client } = this.deps;
    const entries = withOutput(this.store.latest.entries, result);
    return (
      this.#turn({ entries, trigger: { type: 'answer' }, mayBeSilent: true }, (threadId, signal) =>
        client.answerClientTool(threadId, result, signal),
      ) !== undefined
    );
  }

  async feedback(itemIds: readonly string[], kind: FeedbackKind): Promise<void> {
    const { threadId } = this;
    if (threadId) await this.#feedback.give(threadId, itemIds, kind);
  }

  /** Asks for an answer in the thread. Undefined: there is no thread, an answer is being written, or a message waits. */
  #turn(
    change: Partial<ConversationState>,
    request: (threadId: string, signal: AbortSignal) => Events,
  ): Promise<void> | undefined {
    const { threadId } = this;
    if (!threadId || !isFree(this.store.latest)) return undefined;
    return this.#ask(change, (signal) => request(threadId, signal));
  }

  async #ask(change: Partial<ConversationState>, request: (signal: AbortSignal) => Events): Promise<void> {
    const before = this.store.latest;
    if (isBusy(before)) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.store.set(beginning(before, change));
    await this.#answer(request(abort.signal), abort.signal, before);
  }

  async #goOn({ events, stop }: Following, trigger: Trigger, abort: AbortController): Promise<void> {
    this.#abort = abort;
    abort.signal.addEventListener('abort', () => void stop());
    this.store.set({ ...begun, trigger });
    await this.#answer(events, abort.signal);
  }

  /** `before`: the state to go back to if the server refuses the request. */
  async #answer(events: Events, signal: AbortSignal, before?: ConversationState): Promise<void> {
    let isTaken = false;
    this.#turns += 1;
    this.deps.onBusy(this);
    try {
      for await (const event of events) {
        isTaken ||= event.type !== 'run';
        this.#take(event);
        if (before && event.type === 'run' && this.threadId) this.deps.onTurn(this.threadId);
        // A stream that is only followed is another tab's, which answers the call itself.
        if (before && event.type === 'item.done') this.#liveItems.add(event.item.id);
      }
      if (before && this.store.latest.pending)
        throw new RequestError(0, 'The stream ended before the message was taken.');
      await this.#end();
    } catch (error) {
      if (signal.aborted) this.store.set(stopped(this.store.latest, before));
      else if (before && (!isTaken || this.store.latest.pending)) this.#refuse(before, error);
      else await this.#recover();
    }
    this.deps.onBusy(this);
    this.#catchUp();
  }

  /** Aborts the request, which is the protocol's stop. */
  stop(): void {
    if (this.isAnswering && this.store.latest.allowCancel) this.#abort?.abort();
  }

  dismiss(): void {
    this.store.set({ problem: undefined, pending: undefined });
    this.deps.onBusy(this);
    this.#catchUp();
  }

  /** The message that was not sent is back where it was written: only the reason stays. */
  takeBack(): void {
    const { problem } = this.store.latest;
    this.store.set({ pending: undefined, problem: problem && { ...problem, again: undefined } });
    this.deps.onBusy(this);
    this.#catchUp();
  }

  #why(error: unknown): Pick<Problem, 'text' | 'cause'> {
    return { text: errorText(error), cause: causeOf(error, this.deps.isLocal()) };
  }

  #take(event: ChatEvent): void {
    const question = this.store.latest.pending?.text;
    this.store.setSoon(reduce(this.store.latest, event));
    if (event.type === 'thread') this.deps.onThread(this, event.thread, question);
  }

  #refuse(before: ConversationState, error: unknown): void {
    const isRefused = error instanceof RequestError && NOT_AS_IT_IS.has(error.status);
    // It was deleted by an edit: that of another tab, or this one, whose stream broke before the page had seen it.
    if (error instanceof RequestError && error.code === 'item.not_found') this.#isStale = true;
    this.store.set(refused(this.store.latest, before, this.#why(error), isRefused));
  }

  async #end(): Promise<void> {
    if (!isComplete(this.store.latest)) return this.#recover();
    this.store.set(ended(this.store.latest));
    void this.explain();
  }

  /** The operator is told why the newest run has failed, as soon as it is known who is the operator. */
  explain(): Promise<void> {
    return this.#causes.show();
  }

  /** Of a thread that is opened, and not being answered. */
  #settle(problem: Problem | undefined): void {
    this.store.set({ phase: 'idle', problem });
    if (problem?.cause) void this.#causes.showBreakers();
  }

  async #recover(): Promise<void> {
    const { threadId } = this;
    if (!threadId) return;
    this.store.set({ phase: 'recovering' });
    const kept = await findKept(this.deps.client, threadId, this.deps.sleep);
    this.store.set(recovered(this.store.latest, kept));
  }
}
