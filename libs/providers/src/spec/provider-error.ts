import type { RefusedFeature } from './feature.js';
import type { ModelRef } from './model-ref.js';

/** For each code, whether the same request may succeed when it is sent again later, unless the provider says otherwise. */
export const RETRYABLE = {
  /** The key is missing, wrong or revoked. */
  bad_key: false,
  /** The key is good but may not do this: no permission, no quota, no money left. */
  no_access: false,
  /** No such provider or model. */
  model_unknown: false,
  /** The prompt (with the answer's limit) does not fit into the model's window. */
  context_too_long: false,
  /** Refused by the provider's content filter before or while answering. */
  content_filtered: false,
  /** Too many requests or tokens for this key; see `retryAfterMs`. */
  rate_limited: true,
  /** The provider says it is too busy. */
  overloaded: true,
  /** Not reachable, or an internal failure (5xx). */
  unavailable: true,
  /** A deadline passed, ours or the provider's. */
  timeout: true,
  /** The answer stopped without the provider's end marker. */
  stream_truncated: true,
  /** What came back is not the provider's format. */
  malformed_response: true,
  /** A complete answer that holds no answer. */
  empty_response: true,
  /** The provider refuses the request as sent. */
  bad_request: false,
  /** The code of a provider's module failed, or yields what is no part of an answer: a fault of that code, not of a server. */
  module_failed: true,
  /** Not asked: the model has failed repeatedly, or an operator has opened its circuit breaker. `cause` is its last failure. */
  circuit_open: true,
  /** Every provider of a fallback chain failed; `cause` is an AggregateError of the last error of each. */
  all_failed: true,
} as const satisfies Record<string, boolean>;

/** The closed list of provider failures. Each interface maps the codes to its own messages. */
export type ProviderErrorCode = keyof typeof RETRYABLE;

/** What was waited for when a deadline passed: a slot within the limits, a connection, the first part, the next part, the end. */
export type DeadlinePhase = 'queue' | 'connect' | 'first_token' | 'idle' | 'total';

/** Details of a {@link ProviderError}. */
export interface ProviderErrorInit {
  /** Who failed; `model` is absent when no model was involved (health, model list). */
  readonly ref: { readonly provider: string; readonly model?: string };
  /** For the operator's log. Never shown to a user, never holds a key. */
  readonly detail: string;
  /** HTTP status, if there was a response. */
  readonly status?: number;
  /** Overrides the default of the code. */
  readonly retryable?: boolean;
  /** How long the provider asks us to wait, in milliseconds, 0 and up. */
  readonly retryAfterMs?: number;
  /** What of the request was refused, where the provider names something that may be left out. */
  readonly refused?: readonly RefusedFeature[];
  /** Of a `timeout` of ours. */
  readonly phase?: DeadlinePhase;
  readonly cause?: unknown;
}

/** The only error this library throws about providers. Has no text for users: the code that shows it chooses one. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly ref: Partial<ModelRef> & Pick<ModelRef, 'provider'>;
  readonly detail: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly phase: DeadlinePhase | undefined;
  /** Empty: nothing that may be left out. */
  readonly refused: readonly RefusedFeature[];

  constructor(
    readonly code: ProviderErrorCode,
    init: ProviderErrorInit,
  ) {
    const who = init.ref.model === undefined ? init.ref.provider : `${init.ref.provider}/${init.ref.model}`;
    super(`${code} (${who}): ${init.detail}`, { cause: init.cause });
    this.ref = init.ref;
    this.detail = init.detail;
    this.retryable = init.retryable ?? RETRYABLE[code];
    this.retryAfterMs = init.retryAfterMs;
    this.status = init.status;
    this.phase = init.phase;
    this.refused = init.refused ?? [];
  }

  /** The same failure in other words, and without its cause, which may hold the former ones. */
  withDetail(detail: string): ProviderError {
    const { code, ref, status, retryable, retryAfterMs, refused, phase } = this;
    return new ProviderError(code, {
      ref,
      detail,
      retryable,
      refused,
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(phase !== undefined && { phase }),
    });
  }
}
