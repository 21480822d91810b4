import type { CallSettings } from './call-settings.js';
import type { ModelRef } from './model-ref.js';
import type { ProviderError } from './provider-error.js';
import type { Usage } from './usage.js';

/** Who asks, and for which run: for declared requests, hooks, caches and logs. Adapters do not send it. */
export interface ModelCaller {
  readonly tenantId: string;
  readonly userId: string;
  readonly runId?: string;
  readonly threadId?: string;
  /** Of the HTTP request that asked for it. */
  readonly requestId?: string;
}

/** One request to one provider, reported when it is over. A retry or a fallback is an attempt of its own. */
export interface ModelAttempt {
  readonly ref: ModelRef;
  readonly outcome: 'completed' | 'failed' | 'aborted';
  /** Of an attempt that failed. */
  readonly error?: ProviderError;
  /** The usage. For an interrupted attempt: what the provider had reported by then, or an estimate if that is more. */
  readonly usage: Usage;
  /** `estimated`: the provider did not report it, so we counted. */
  readonly usageIs: 'reported' | 'estimated';
  /** Millionths of the price table's currency; absent when the model has no price. */
  readonly costMicros?: number;
  /** Messages in the prompt. */
  readonly messages: number;
  readonly settings?: CallSettings;
  readonly startedAt: Date;
  /** From the start to the first piece of an answer; absent when none came. */
  readonly firstPartMs?: number;
  readonly durationMs: number;
  /** Length of the answer's text, in UTF-16 units. */
  readonly characters: number;
}
