import type { Action } from '../protocol/action.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';
import type { UserMessageItem } from '../protocol/user-message.js';
import type { WidgetItem } from '../protocol/widget.js';
import type { Awaitable } from './awaitable.js';
import { checkDefinition } from './check-definition.js';
import type { AssistantContext, TurnContext } from './context.js';
import type { ItemConverter } from './item-converter.js';
import type { ModelProviderOptions, ModelSettings } from './model-input.js';
import type { AssistantPresentation } from './presentation.js';
import type { Tool } from './tool.js';

/** A value, or a function of the turn that gives one. */
export type PerTurn<T> = T | ((ctx: TurnContext) => Awaitable<T>);

/** A retrieved text that the answer may use; cited as `[n]`, which becomes an annotation. */
export interface RetrievedDocument {
  readonly title: string;
  readonly text: string;
  /** A page on the web; without one the citation names the title as a file. */
  readonly url?: string;
}

/** What a check found. `message` is shown to the user; without one they see the general error [GF-21]. */
export type GuardrailResult = boolean | { readonly tripped: boolean; readonly message?: string };

/** A check on the user's input or on the model's output. */
export interface Guardrail {
  readonly name: string;
  /** True, or `tripped: true`: the turn ends and what it produced is withdrawn [GF-21]. */
  readonly check: (ctx: TurnContext, text: string) => Awaitable<GuardrailResult>;
}

/** What the built-in answer is made of. */
export interface AnswerOptions {
  readonly instructions?: PerTurn<string | undefined>;
  /** `provider/model` or a public name. The user's own choice takes precedence. */
  readonly model?: PerTurn<string | undefined>;
  readonly settings?: ModelSettings;
  readonly providerOptions?: ModelProviderOptions;
  readonly tools?: PerTurn<readonly Tool[]>;
  /** Names of server tools that end the turn when they are called. */
  readonly stopAtTools?: readonly string[];
  /** How many model calls one turn may make, the first included, whatever the name says; 10 by default. */
  readonly maxTurns?: number;
  /** Run the tool calls of one model answer in parallel (default) or one after the other. */
  readonly parallelToolCalls?: boolean;
  /** Retrieval: what the model may use in this turn. */
  readonly documents?: (ctx: TurnContext, input: TurnInput) => Awaitable<readonly RetrievedDocument[]>;
}

/** What a turn answers. */
export interface TurnInput {
  /** The message; undefined after a tool's output or a form. On retry the stored one. */
  readonly userMessage: UserMessageItem | undefined;
  /** The newest items of the thread up to this turn, oldest first, hidden ones included. */
  readonly items: readonly ThreadItem[];
}

/** An assistant. Everything is optional: without anything it is a model that answers. */
export interface AssistantDefinition extends AnswerOptions, AssistantPresentation {
  /** How many of the newest items a prompt holds; 20 by default [MI-12]. */
  readonly historyItems?: number;
  /** Whether the page offers a stop button; true by default [EV-2]. */
  readonly allowCancel?: boolean;
  /** What happens to a message that is sent while its thread is being answered; by default as configured. */
  readonly doubleTexting?: 'enqueue' | 'reject' | 'interrupt' | 'rollback';
  /** Replaces how kinds of items become model input [MI-1]. */
  readonly input?: Partial<ItemConverter>;
  /** How many previews an image model is asked for; they show the progress [IM-2]. */
  readonly imagePreviews?: number;
  readonly guardrails?: { readonly input?: readonly Guardrail[]; readonly output?: readonly Guardrail[] };
  /** Replaces the built-in answer, which is `yield* ctx.answer()`. */
  readonly respond?: (ctx: TurnContext, input: TurnInput) => AsyncIterable<ThreadStreamEvent>;
  /** A click in a widget, answered with events [RQ-18]. */
  readonly action?: (
    ctx: TurnContext,
    action: Action,
    sender: WidgetItem | undefined,
  ) => AsyncIterable<ThreadStreamEvent> | Awaitable<void>;
  /** A click that is answered with the item as it is now, or nothing [RQ-19]. Nothing is stored automatically. */
  readonly syncAction?: (
    ctx: AssistantContext,
    action: Action,
    sender: { readonly threadId: string; readonly item: WidgetItem | undefined },
  ) => Awaitable<ThreadItem | undefined>;
  /** Called with thumbs up or down after they were stored [RQ-24]. */
  readonly onFeedback?: (
    ctx: AssistantContext,
    feedback: {
      readonly threadId: string;
      readonly itemIds: readonly string[];
      readonly kind: 'positive' | 'negative';
    },
  ) => Awaitable<void>;
  /**
   * Speech to text [RQ-25]. `mimeType` is what the client sent, such as `audio/webm;codecs=opus`; `mediaType` is the same
   * without parameters.
   */
  readonly transcribe?: (
    ctx: AssistantContext,
    audio: { readonly bytes: Uint8Array; readonly mediaType: string; readonly mimeType: string },
  ) => Awaitable<string>;
  /** What is stored of a stopped turn, before the hidden marker; by default the partial answer [CX-2]. */
  readonly onCancelled?: (ctx: AssistantContext, unfinished: readonly ThreadItem[]) => Awaitable<readonly ThreadItem[]>;
  /** The thread's title, from its first message; `false` for none. By default as configured. */
  readonly title?: false | ((ctx: AssistantContext, message: UserMessageItem) => Awaitable<string | undefined>);
}

/** Checks an assistant's definition and gives it its type; the default export of an assistant's module. */
export function defineAssistant(definition: AssistantDefinition): AssistantDefinition {
  checkDefinition(definition);
  return definition;
}
