import { setTimeout as sleep } from 'node:timers/promises';
import type { SentAttachment } from '../../web/src/protocol/client.js';
import type { ChatEvent, Item } from '../../web/src/protocol/types.js';
import { formInput } from './answer.js';
import { askForm } from './ask/ask-form.js';
import { askTool } from './ask/ask-tool.js';
import type { Connection } from './connect.js';
import { explain } from './explain.js';
import { type Screen, TurnView } from './show/turn-view.js';
import { readTurn, STOP_WITHIN_MS, type TurnResult, type Waiting } from './turn.js';

type Events = (signal: AbortSignal) => AsyncIterable<ChatEvent>;

interface Turn {
  readonly mayBeSilent?: boolean;
  readonly onStop?: () => Promise<void>;
}

/** The conversation that a person has at the terminal. */
export class Conversation {
  threadId: string | undefined;
  model: string | undefined;
  /** Of the next message. */
  attachments: readonly SentAttachment[] = [];
  /** What has been seen of the newest items, oldest first. */
  items: readonly Item[] = [];
  #abort: AbortController | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly screen: Screen,
  ) {}

  get isAnswering(): boolean {
    return this.#abort !== undefined;
  }

  /** The stop button. False: nothing is being answered. */
  stop(): boolean {
    if (!this.#abort || this.#abort.signal.aborted) return false;
    this.#abort.abort();
    return true;
  }

  /** Continues with another thread, or with a new one. */
  begin(threadId?: string): void {
    this.threadId = threadId;
    this.items = [];
  }

  async send(text: string): Promise<void> {
    const { client } = this.connection;
    const { threadId, model, attachments } = this;
    const result = await this.#turn((signal) => client.send(threadId, { text, model, attachments }, signal));
    // What was not sent may be sent again.
    if (result.items.length > 0) this.attachments = [];
  }

  /** Answers the newest question again; false if there is none. */
  async retry(): Promise<boolean> {
    const question = this.items.findLast(({ type }) => type === 'user_message');
    const { threadId } = this;
    if (!question || threadId === undefined) return false;
    await this.#turn((signal) => this.connection.client.retry(threadId, question.id, signal));
    return true;
  }

  /** A choice in a widget. */
  async act(itemId: string, action: { readonly type: string; readonly payload?: unknown }): Promise<void> {
    const { threadId } = this;
    if (threadId === undefined) return;
    await this.#turn((signal) => this.connection.client.sendAction(threadId, { itemId, action }, signal), {
      mayBeSilent: true,
    });
  }

  /** An answer that is being written, perhaps for another reader. */
  async follow(): Promise<void> {
    const { threadId } = this;
    if (threadId === undefined) return;
    const { client } = this.connection;
    const abort = new AbortController();
    // Other servers cannot be followed.
    const following = await client.follow(threadId, abort.signal).catch(() => undefined);
    if (following) await this.#turn(() => following.events, { mayBeSilent: true, onStop: following.stop });
  }

  /** Asks for what the thread waits for; false if the person has left that open. */
  async answer(waiting: Waiting): Promise<boolean> {
    const { threadId } = this;
    if (threadId === undefined) return false;
    const { client } = this.connection;
    if (waiting.type === 'client_tool_call') {
      const given = await askTool(waiting, this.screen.note);
      if (given) await this.#turn((signal) => client.answerClientTool(threadId, given.result, signal));
      return given !== undefined;
    }
    const values = await askForm(waiting, this.screen.note);
    if (values)
      await this.#turn((signal) => client.submitForm(threadId, waiting.id, formInput(waiting, values), signal));
    return values !== undefined;
  }

  async #turn(events: Events, { mayBeSilent, onStop }: Turn = {}): Promise<TurnResult> {
    const abort = new AbortController();
    this.#abort = abort;
    let stopping: Promise<unknown> | undefined;
    abort.signal.addEventListener('abort', () => {
      stopping = onStop?.();
    });
    const view = new TurnView(this.screen);
    const result = await readTurn(events(abort.signal), {
      threadId: this.threadId,
      signal: abort.signal,
      ...(mayBeSilent !== undefined && { mayBeSilent }),
      onEvent: (event, entries) => view.take(event, entries),
    });
    view.end();
    if (stopping) await Promise.race([stopping, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    this.#abort = undefined;
    this.threadId = result.threadId;
    this.items = [...this.items, ...result.items];
    if (result.outcome === 'stopped') this.screen.note('Stopped. /retry answers the question again.');
    if (result.outcome === 'failed') this.screen.note(await explain(this.connection.client, result));
    if (result.waiting) await this.answer(result.waiting);
    return result;
  }
}
