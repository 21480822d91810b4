import type { IdKind } from '../ids.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import type { ItemOf, ItemType, ThreadItem } from '../protocol/item.js';
import type { JsonObject } from '../protocol/json.js';
import type { StructuredInputItem, StructuredQuestionInput } from '../protocol/structured-input.js';
import type { TaskInput } from '../protocol/task.js';
import type { ThreadMetadata } from '../protocol/thread.js';
import type { WidgetItem } from '../protocol/widget.js';
import type { WorkflowInput, WorkflowItem, WorkflowSummary } from '../protocol/workflow.js';
import type { AnswerOptions } from './definition.js';
import type { ModelMessage, ModelProviderOptions, ModelSettings } from './model-input.js';
import type { AssistantStore, ThreadFieldChanges } from './store.js';

/** Writes to the worker's log, with the run's ids on every line. */
export interface AssistantLog {
  info(message: string, facts?: JsonObject): void;
  warn(message: string, facts?: JsonObject): void;
  error(message: string, facts?: JsonObject): void;
}

/** A model call made by assistant code. */
export interface GenerateRequest {
  /** `provider/model` or a public name; the assistant's model when absent. */
  readonly model?: string | undefined;
  readonly instructions?: string;
  /** One user text, or whole messages. */
  readonly prompt: string | readonly ModelMessage[];
  readonly settings?: ModelSettings;
  readonly providerOptions?: ModelProviderOptions;
}

export interface GenerateResult {
  readonly text: string;
  readonly reasoning: string;
}

/** Who is asking and what they can access: passed to all assistant code, inside a stream or not. */
export interface AssistantContext {
  readonly assistantId: string;
  readonly user: { readonly id: string };
  readonly tenant: { readonly id: string };
  /** The locale from the client's `Accept-Language`. */
  readonly locale: string | undefined;
  /** Request headers that the configuration allows (`context.headers`), by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the answer is no longer needed or the time limit is reached. */
  readonly signal: AbortSignal;
  readonly store: AssistantStore;
  readonly log: AssistantLog;
  /** A new id of this kind, unique everywhere. */
  newId(kind: IdKind): string;
  /** Asks a model and waits for the whole answer; its tokens count towards the run's usage. */
  generate(request: GenerateRequest): Promise<GenerateResult>;
}

/** An item whose `id`, `thread_id` and `created_at` may be left out; the context fills them in. */
export type NewItem<Type extends ItemType = ItemType> = Type extends ItemType
  ? Omit<ItemOf<Type>, 'id' | 'thread_id' | 'created_at'> &
      Partial<Pick<ItemOf<Type>, 'id' | 'thread_id' | 'created_at'>>
  : never;

/** The workflow that the page shows now; one at a time, ended by the next visible item [WF-4]. */
export interface WorkflowHelpers {
  /** Starts a workflow; a custom one is announced with its first task [WF-1]. */
  start(workflow: WorkflowInput): Promise<WorkflowItem>;
  /** Starts a custom workflow when none is open. */
  addTask(task: TaskInput): Promise<void>;
  /** Replaces the task at `index`, counted from 0. */
  updateTask(index: number, task: TaskInput): Promise<void>;
  /** Ends it; without a summary it shows how long it took [WF-8]. */
  end(ending?: { readonly summary?: WorkflowSummary; readonly expanded?: boolean }): Promise<void>;
}

/** The turn that is being answered: everything that a responder, a tool or an action can do. */
export interface TurnContext extends AssistantContext {
  /** The thread as it is now; changed by {@link updateThread}, never by assignment. */
  readonly thread: ThreadMetadata;
  readonly run: { readonly id: string; readonly attempt: number };
  /** What the user chose in the composer, such as the model. */
  readonly choice: { readonly model: string | undefined; readonly toolChoice: string | undefined };
  /** Sends an event, after storing what it finishes [PS-1]; the event is a copy from here on. */
  emit(event: ThreadStreamEvent): Promise<void>;
  /** An item of this thread, with a new id and the time where they are missing. */
  item<Type extends ItemType>(fields: NewItem<Type> & { readonly type: Type }): ItemOf<Type>;
  /** Changes only these fields and notifies the page [EV-3] [CC-4]. */
  updateThread(changes: ThreadFieldChanges): Promise<void>;
  /** A status line that disappears by itself [EV-9]. */
  progress(text: string, icon?: string): Promise<void>;
  /** Something for the page to do [EV-11]. */
  effect(name: string, data?: JsonObject): Promise<void>;
  /** A banner [EV-12]. */
  notice(notice: {
    readonly level: 'info' | 'warning' | 'danger';
    readonly message: string;
    readonly title?: string;
  }): Promise<void>;
  /** Shows a widget: one state, or one after the other with what changed between them [WD-1] [WD-5]. */
  widget(states: WidgetStates, options?: { readonly copyText?: string; readonly id?: string }): Promise<WidgetItem>;
  readonly workflow: WorkflowHelpers;
  /** Shows a picture; `url` may be a `data:` URL. */
  image(image: { readonly url: string; readonly id?: string }): Promise<ItemOf<'generated_image'>>;
  /** Stores something for the model that the page never sees [HD-2]. */
  hiddenContext(content: string | JsonObject): Promise<ThreadItem>;
  /** Shows the user a form, and ends the turn [SI-1]. */
  ask(questions: readonly StructuredQuestionInput[]): Promise<StructuredInputItem>;
  /** Asks the page to run one of its tools, and ends the turn; at most once per turn [TC-1] [TC-2]. */
  callClientTool(name: string, args: JsonObject): void;
  /** The built-in answer of a model with this assistant's tools, as events to yield on; options replace the assistant's. */
  answer(options?: AnswerOptions): AsyncIterable<ThreadStreamEvent>;
}

/** One state of a widget, or several as they come. */
export type WidgetStates = WidgetTree | AsyncIterable<WidgetTree> | Iterable<WidgetTree>;

/** Any widget; {@link WidgetRoot} types the known components. */
export type WidgetTree = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What a running tool gets. */
export interface ToolContext extends TurnContext {
  readonly toolCall: { readonly id: string; readonly name: string };
}
