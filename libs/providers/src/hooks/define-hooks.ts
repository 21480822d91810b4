import type { GenerateResult } from '../spec/generate.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelCaller } from '../spec/model-attempt.js';
import type { ModelRef } from '../spec/model-ref.js';

/** The operator's own code around model calls. `model` is the one that is asked first; a fallback may answer. */
export interface CallHooks {
  /**
   * Runs before a call is sent to any provider. A returned call replaces it; without a return value it stays unchanged.
   * Throw a {@link HookRefusal} to refuse it with a message for the caller; any other error is a server error.
   */
  before?(call: ModelCall, caller: ModelCaller, model: ModelRef): ModelCall | void | Promise<ModelCall | void>;
  /** Called with the complete answer after it was sent. It is not waited for, and its failures are only logged. */
  after?(result: GenerateResult, caller: ModelCaller, model: ModelRef): void | Promise<void>;
}

/** Thrown by `before`: the call is refused, and the caller reads the message. */
export class HookRefusal extends Error {
  override readonly name = 'HookRefusal';
  /** HTTP status of the refusal, 400 to 499. */
  readonly status: number;
  /** A code for programs. */
  readonly code: string;

  /** @throws RangeError for a status outside of 400 to 499 */
  constructor(message: string, { status = 403, code = 'refused' }: { status?: number; code?: string } = {}) {
    super(message);
    if (!Number.isInteger(status) || status < 400 || status > 499) {
      throw new RangeError(`the status of a refusal is 400 to 499, not ${status}`);
    }
    this.status = status;
    this.code = code;
  }
}

/**
 * The default export of the module that `hooks` in the config file names. The guide is docs/gateway.md.
 * @throws TypeError for anything but an object of hooks
 */
export function defineHooks(hooks: CallHooks): CallHooks {
  for (const [name, hook] of Object.entries(hooks)) {
    if (name !== 'before' && name !== 'after') throw new TypeError(`there is no hook "${name}", only before and after`);
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`${name} must be a function`);
  }
  return hooks;
}
