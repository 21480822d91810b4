import type { Action, StructuredInputItem, StructuredSubmission, UserMessageItem } from '#chatkit';
import type { Dispatch } from '../jobs/run-queue.js';
import type { DoubleTexting } from '../runs/double-texting.js';
import type { RunContext, RunRequest } from '../runs/run.js';

/** The sender's own name for a request: whoever sends it again gets the same run. */
export interface Idempotency {
  readonly key: string;
  /** Of everything that the request says. */
  readonly bodyHash: string;
}

interface TurnFields {
  /** The caller's, so that readers can join before anything is stored. */
  readonly runId: string;
  readonly threadId: string;
  readonly assistantId: string;
  readonly context: RunContext;
  readonly idempotency?: Idempotency | undefined;
}

/** A message, to a new thread or to one that exists [RQ-10] [RQ-11]. Its ids are the caller's, too. */
export interface MessageTurn extends TurnFields {
  readonly trigger: 'threads.create' | 'threads.add_user_message';
  readonly userItem: UserMessageItem;
  readonly request: RunRequest;
  /** What becomes of the thread's open turns; by default the message waits for them. */
  readonly doubleTexting?: DoubleTexting;
}

/** The same message once more, without what came after it [RQ-12]. */
export interface RetryTurn extends TurnFields {
  readonly trigger: 'threads.retry_after_item';
  readonly itemId: string;
}

/** What the page's tool returned [RQ-16]. */
export interface ToolOutputTurn extends TurnFields {
  readonly trigger: 'threads.add_client_tool_output';
  readonly result: unknown;
}

/** What the user put into a form [RQ-17]. */
export interface FormTurn extends TurnFields {
  readonly trigger: 'threads.add_structured_input';
  readonly itemId: string;
  readonly submission: StructuredSubmission;
}

/** A click in a widget; it takes no turn [RQ-18]. */
export interface ActionTurn extends TurnFields {
  readonly trigger: 'threads.custom_action';
  readonly itemId?: string | undefined;
  readonly action: Action;
}

/** A run that somebody asks for. */
export type TurnRequest = MessageTurn | RetryTurn | ToolOutputTurn | FormTurn | ActionTurn;

/** What an admission has stored, as far as its caller needs it. */
export interface Admitted {
  /** The job to add; undefined when the run has to wait: for the thread's open turn, or for its owner's other runs. */
  readonly dispatch: Dispatch | undefined;
  /** The form with its answers [SI-2]. */
  readonly replaced?: StructuredInputItem;
}
