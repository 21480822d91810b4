import {
  type Action,
  answerQuestions,
  type AssistantDefinition,
  type AssistantStore,
  type Attachment,
  defineAssistant,
  isHidden,
  type ItemOf,
  newId,
  parseFrames,
  type ThreadItem,
  type ThreadStreamEvent,
} from '#chatkit';
import { errorEvent } from '#runtime';
import type { Claim } from '#runtime/worker';
import { MemoryLog, type LogLine } from './memory-log.js';
import { MemoryThreads } from './memory-threads.js';
import { ASSISTANT_ID, MemoryWorker } from './memory-worker.js';
import { type ModelScript, ScriptedModels, type SeenModelCall } from './model-script.js';

/** Who asks, and what the model answers. */
export interface TestOptions {
  /** What the model answers, call by call; without it every call of a model is an error. */
  readonly model?: ModelScript;
  readonly user?: string;
  readonly tenant?: string;
  readonly locale?: string;
  /** Request headers, as `context.headers` of the configuration would let them through. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SendOptions {
  readonly attachments?: readonly Attachment[];
  /** What the person has chosen in the composer. */
  readonly model?: string;
  readonly toolChoice?: string;
}

export interface TestFailure {
  /** A code of docs/errors.md. */
  readonly code: string;
  /** For the operator, with the line of the assistant's code. */
  readonly detail: string;
  /** What the person reads; absent where the page says in its own words that something went wrong. */
  readonly message?: string;
}

/** What a turn has done. */
export interface TestTurn {
  readonly state: 'completed' | 'failed' | 'cancelled';
  /** As the page receives them. */
  readonly events: readonly ThreadStreamEvent[];
  /** The items that this turn has added and the page may show, in their order. */
  readonly items: readonly ThreadItem[];
  /** The texts of its messages. */
  readonly text: string;
  readonly error?: TestFailure;
}

/** One conversation with an assistant, without a server. */
export class TestAssistant {
  readonly threadId = newId('thread');
  readonly #auth;
  readonly #threads = new MemoryThreads();
  readonly #models: ScriptedModels;
  readonly #log = new MemoryLog();
  readonly #worker: MemoryWorker;
  #turns = 0;
  #isOpen = false;

  constructor(
    definition: AssistantDefinition,
    private readonly options: TestOptions = {},
  ) {
    const { model = [], tenant = 'default', user = 'tester' } = options;
    this.#auth = { tenantId: tenant, userId: user, roles: [], requestId: 'test' };
    this.#models = new ScriptedModels(model);
    this.#worker = new MemoryWorker({
      definition: defineAssistant(definition),
      threads: this.#threads,
      models: this.#models,
      logger: this.#log.logger(),
    });
  }

  /** All items of the conversation, those that no page shows among them. */
  get items(): readonly ThreadItem[] {
    return [...this.#threads.itemsOf(this.threadId)];
  }

  /** The calls of models so far. */
  get modelCalls(): readonly SeenModelCall[] {
    return this.#models.calls;
  }

  /** What the worker would have logged. */
  get log(): readonly LogLine[] {
    return this.#log.lines;
  }

  /** `ctx.store` of the same person. */
  get store(): AssistantStore {
    return this.#worker.storeOf(this.#auth);
  }

  /** An uploaded file, for a message or for `ctx.store`. */
  attach(name: string, mimeType: string, bytes: Uint8Array | string): Attachment {
    const attachment: Attachment = { type: 'file', id: newId('attachment'), name, mime_type: mimeType };
    this.#threads.keepFile(attachment, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
    return attachment;
  }

  /** The person sends a message. */
  async send(text: string, { attachments = [], model, toolChoice }: SendOptions = {}): Promise<TestTurn> {
    const isFirst = !this.#isOpen;
    await this.#open();
    const message: ItemOf<'user_message'> = {
      type: 'user_message',
      id: newId('message'),
      thread_id: this.threadId,
      created_at: new Date().toISOString(),
      content: [{ type: 'input_text', text }],
      attachments: [...attachments],
      inference_options: {},
    };
    this.#threads.put(message);
    const trigger = isFirst ? 'threads.create' : 'threads.add_user_message';
    return this.#run({ trigger, triggerItemId: message.id, request: { model, toolChoice } });
  }

  /** The person clicks something in a widget, or the page sends an action of its own. */
  async act(action: Action, widget?: ThreadItem): Promise<TestTurn> {
    await this.#open();
    const request = { action, ...(widget && { itemId: widget.id }) };
    return this.#run({ trigger: 'threads.custom_action', triggerItemId: widget?.id, request });
  }

  /** The page answers the client tool call at the end of the conversation. @throws Error where there is none */
  async answerClientTool(output: unknown): Promise<TestTurn> {
    const call = this.items.findLast((item): item is ItemOf<'client_tool_call'> => item.type === 'client_tool_call');
    if (call?.status !== 'pending') throw new Error('No client tool call waits for its output.');
    this.#threads.put({ ...call, status: 'completed', output: output ?? undefined });
    return this.#run({ trigger: 'threads.add_client_tool_output', triggerItemId: call.id, request: {} });
  }

  /** The person answers the form, by the ids of its questions, or skips it. @throws Error where no form waits */
  async answerForm(answers: Readonly<Record<string, readonly string[]>> | 'skipped'): Promise<TestTurn> {
    const form = this.items.findLast((item): item is ItemOf<'structured_input'> => item.type === 'structured_input');
    if (form?.status !== 'pending') throw new Error('No form waits for an answer.');
    const given = Object.entries(answers === 'skipped' ? {} : answers);
    const submitted = Object.fromEntries(given.map(([id, values]) => [id, { values: [...values], skipped: false }]));
    const status = answers === 'skipped' ? 'skipped' : 'answered';
    this.#threads.put(answerQuestions(form, { status, answers: submitted }));
    return this.#run({ trigger: 'threads.add_structured_input', triggerItemId: form.id, request: {} });
  }

  /** The person presses the stop button of the turn that is being answered. */
  stop(): void {
    for (const run of this.#worker.active.all()) run.stop('cancelled');
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const created_at = new Date().toISOString();
    await this.#threads.saveThread(this.#auth, {
      id: this.threadId,
      created_at,
      status: { type: 'active' },
      metadata: {},
    });
  }

  async #run(asked: Pick<Claim, 'trigger' | 'triggerItemId' | 'request'>): Promise<TestTurn> {
    const before = new Set(this.items.map(({ id }) => id));
    const { frames, outcome } = await this.#worker.run({ ...this.#claim(), ...asked });
    if (!outcome) throw new Error('The turn was not settled.');
    const items = this.items.filter((item) => !before.has(item.id) && !isHidden(item));
    const texts = items.flatMap((item) =>
      item.type === 'assistant_message' ? item.content.map(({ text }) => text) : [],
    );
    const { state, errorCode = 'run.internal', errorDetail = '', userError } = outcome;
    const { message } = { message: undefined, ...errorEvent(errorCode, undefined, false, userError) };
    const error = { code: errorCode, detail: errorDetail, ...(message !== undefined && { message }) };
    return { state, events: parseFrames(frames), items, text: texts.join(''), ...(state === 'failed' && { error }) };
  }

  #claim(): Omit<Claim, 'trigger' | 'triggerItemId' | 'request'> {
    const { locale, headers } = this.options;
    return {
      runId: newId('run'),
      fence: 1,
      attempt: 1,
      tenantId: this.#auth.tenantId,
      ownerId: this.#auth.userId,
      threadId: this.threadId,
      triggerPosition: ++this.#turns,
      takesTurn: true,
      assistantId: ASSISTANT_ID,
      context: { requestId: this.#auth.requestId, locale, headers },
      stopRequested: false,
      toolBegan: false,
      isHandedOver: false,
      ranMs: 0,
      claimedAt: new Date(),
      waitedMs: 0,
      withdrawnItemIds: [],
      history: this.#threads.history(this.threadId),
    };
  }
}

/** A conversation with the assistant that is its module's default export. */
export const testAssistant = (definition: AssistantDefinition, options?: TestOptions): TestAssistant =>
  new TestAssistant(definition, options);
