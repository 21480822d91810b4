import type { Action, StructuredInputItem, StructuredSubmission, UserMessageItem } from '#chatkit';
import type { Dispatch } from '../jobs/run-queue.js';
import type { DoubleTexting } from '../runs/double-texting.js';
import type { RunContext, RunRequest } from '../runs/run.js';

/** The idempotency key of a request: sending it again returns the same run. */
export interface Idempotency {
  readonly key: string;
  /** Hash of the whole request. */
  readonly bodyHash: string;
}

interface TurnFields {
  /** The caller chooses the id, so that readers can join before anything is stored. */
  readonly runId: string;
  readonly threadId: string;
  readonly assistantId: string;
  readonly context: RunContext;
  readonly idempotency?: Idempotency | undefined;
}

/** A message, to a new or an existing thread [RQ-10] [RQ-11]. The caller also chooses its ids. */
export interface MessageTurn extends TurnFields {
  readonly trigger: 'threads.create' | 'threads.add_user_message';
  /** Admission dates it. */
  readonly userItem: Omit<UserMessageItem, 'created_at'>;
  readonly request: RunRequest;
  /** What happens to the thread's open turns; by default the message waits for them. */
  readonly doubleTexting?: DoubleTexting;
}

/** A message in the place of an earlier one, without what came after that. Its run is one of a message. */
export interface EditTurn extends TurnFields, Pick<MessageTurn, 'userItem' | 'request'> {
  readonly trigger: 'threads.add_user_message';
  /** The user message that it replaces. */
  readonly replaces: string;
}

/** Answers the same message again, without what came after it [RQ-12]. */
export interface RetryTurn extends TurnFields {
  readonly trigger: 'threads.retry_after_item';
  readonly itemId: string;
  /** Refused unless this run is the last turn of the thread, so that nothing is deleted but its answer. */
  readonly afterRun?: string | undefined;
}

/** The result of a client tool [RQ-16]. */
export interface ToolOutputTurn extends TurnFields {
  readonly trigger: 'threads.add_client_tool_output';
  readonly result: unknown;
}

/** The user's answers to a form [RQ-17]. */
export interface FormTurn extends TurnFields {
  readonly trigger: 'threads.add_structured_input';
  readonly itemId: string;
  readonly submission: StructuredSubmission;
}

/** A click in a widget; it is no turn [RQ-18]. */
export interface ActionTurn extends TurnFields {
  readonly trigger: 'threads.custom_action';
  readonly itemId?: string | undefined;
  readonly action: Action;
}

/** A request for a run. */
export type TurnRequest = MessageTurn | EditTurn | RetryTurn | ToolOutputTurn | FormTurn | ActionTurn;

/** The part of what an admission has stored that its caller needs. */
export interface Admitted {
  /** The job to add; undefined when the run has to wait for the thread's open turn or for other runs of its owner. */
  readonly dispatch: Dispatch | undefined;
  /** The message as it was stored. */
  readonly userItem?: UserMessageItem;
  /** Ids of the visible items that an edit has taken away, in their order. */
  readonly removed?: readonly string[];
  /** Runs of these items whose copies may still be in the run log. */
  readonly logged?: readonly string[];
  /** The form with its answers [SI-2]. */
  readonly replaced?: StructuredInputItem;
}
