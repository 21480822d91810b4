import type { FeedbackKind } from '../protocol/types.js';

/** What a click in a widget sends, or what another part of the page sends in its name. */
export interface ItemAction {
  readonly type: string;
  readonly payload?: unknown;
}

/** What a person has put into a form, by the id of the question. */
export interface FormInput {
  readonly status: 'answered' | 'skipped';
  readonly answers: Readonly<Record<string, { readonly values?: readonly string[]; readonly skipped?: boolean }>>;
}

/** `busy`: the server was not asked, as another answer is being written. `failed`: what went wrong is shown below the conversation. */
export type ActionOutcome = 'done' | 'failed' | 'busy';

/**
 * What can be done with the items of the open conversation. Those that ask for an answer return whether the server
 * was asked: not while another answer is being written. What fails after that is shown below the conversation.
 */
export interface ItemActions {
  /** Answers a question again, without what came after it. `itemId` is that of the question, or of anything after it. */
  retry(itemId: string): boolean;
  /** Whether more would be removed than the answer. */
  removesMore(itemId: string): boolean;
  /** Changes a question, and asks it again without what came after it. */
  edit(itemId: string, text: string): boolean;
  /** Rejects with a `RequestError`. */
  feedback(itemIds: readonly string[], kind: FeedbackKind): Promise<void>;
  /** Sends an action of a widget, and resolves when its answer is over. `itemId` is that of the widget, if there is one. */
  sendAction(itemId: string | undefined, action: ItemAction): Promise<ActionOutcome>;
  /** The same for an action whose answer is JSON; allowed while an answer is being written. Rejects with a `RequestError`. */
  sendActionNow(itemId: string | undefined, action: ItemAction): Promise<void>;
  submitForm(itemId: string, input: FormInput): boolean;
  /** Whether a call of a tool of the page came while this page was waiting for the answer, and not before it was loaded. */
  isLiveCall(itemId: string): boolean;
  /** Hands over what a tool of the page returned. */
  answerClientTool(result: unknown): boolean;
}
