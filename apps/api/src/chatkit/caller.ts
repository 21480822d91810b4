import type { AuthContext, Idempotency, RunContext, UrlOf } from '#runtime';
import type { ChosenAssistant } from '../assistants/assistants.js';

/** Who asks, whom, and from where: what a request says beside its body. */
export interface Caller {
  readonly auth: AuthContext;
  readonly assistant: ChosenAssistant;
  /** What the assistant may see of the request. */
  readonly context: RunContext;
  readonly urlOf: UrlOf;
  /** The request announced the fetch shim, which can take more than the reference client. */
  readonly isShim: boolean;
  /** Whoever sends the same streaming request again gets the same run. */
  readonly idempotency: Idempotency | undefined;
}
