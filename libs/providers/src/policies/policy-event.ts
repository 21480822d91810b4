import type { ModelRef } from '../spec/model-ref.js';
import type { ModelCaller } from '../spec/model-attempt.js';
import type { Feature } from '../spec/feature.js';
import type { ProviderError } from '../spec/provider-error.js';

/** An event for operators: a call continued where it could have failed, or was not made at all. */
export type PolicyEvent = PolicyFact & {
  /** Whose call led to it; absent where none did. */
  readonly caller?: ModelCaller | undefined;
};

type PolicyFact =
  | { readonly type: 'retry'; readonly error: ProviderError; readonly waitMs: number }
  | { readonly type: 'fallback'; readonly error: ProviderError; readonly next: ModelRef }
  | {
      readonly type: 'breaker_opened';
      readonly ref: ModelRef;
      readonly openForMs: number;
      readonly error: ProviderError;
    }
  | { readonly type: 'breaker_closed'; readonly ref: ModelRef }
  /** `key` is a fingerprint. */
  | {
      readonly type: 'key_set_aside';
      readonly provider: string;
      readonly key: string;
      readonly forMs: number;
      readonly error: ProviderError;
    }
  /** A model has refused them and is asked without them for so long. Without an error: another worker has learned it. */
  | {
      readonly type: 'features_refused';
      readonly ref: ModelRef;
      readonly features: readonly Feature[];
      readonly forMs: number;
      readonly error?: ProviderError;
    }
  | { readonly type: 'state_unreachable'; readonly error: unknown };

/** Called synchronously; must not throw. */
export type OnPolicyEvent = (event: PolicyEvent) => void;
