import type { AuthContext, RunContext } from '#runtime';
import type { FileLinks, Idempotency } from '#runtime/api';
import type { ChosenAssistant } from '../assistants/assistants.js';

/** The sender of a request, its assistant and its client: everything about a request but its body. */
export interface Caller {
  readonly auth: AuthContext;
  readonly assistant: ChosenAssistant;
  /** What the assistant may see of the HTTP request. */
  readonly context: RunContext;
  /** To files of the caller, valid from now on. */
  readonly links: FileLinks;
  /** The request comes from the fetch shim, which understands more than the reference client. */
  readonly isShim: boolean;
  /** The same streaming request, sent again with the same key, gets the same run. */
  readonly idempotency: Idempotency | undefined;
}
