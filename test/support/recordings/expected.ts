import type { ProviderErrorCode } from '../../../libs/providers/src/spec/provider-error.js';
import type { Warning } from '../../../libs/providers/src/spec/stream-part.js';

/** How a wire writes its requests and answers; several wires share one. */
export const FORMATS = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'cohere-v2-chat',
  'ollama-chat',
  'hf-tgi',
] as const;
export type Format = (typeof FORMATS)[number];

export interface ExpectedCall {
  readonly id?: string;
  /** Of the Responses API; an answer has the call's id only. */
  readonly item_id?: string;
  readonly name: string;
  /** Parsed; null where `arguments_raw` is no JSON. */
  readonly arguments: unknown;
  readonly arguments_raw?: string;
  readonly arguments_invalid?: boolean;
  /** `custom`: a kind of tool that we never offer. */
  readonly kind?: string;
}

/** An error as the server worded it. */
export interface ExpectedError {
  readonly message?: string;
  readonly type?: string;
  readonly code?: string | number;
  readonly param?: string;
  /** Of the answer. */
  readonly status?: number;
}

/** The {@link ProviderError} that must come of it. */
export interface ExpectedFailure {
  readonly code: ProviderErrorCode;
  readonly retryable?: boolean;
  readonly retry_after_ms?: number;
}

/** An image of the answer; one without data has failed. */
export interface ExpectedImage {
  readonly call_id: string;
  readonly media_type?: string;
  readonly data?: string;
  readonly previews: number;
}

/** `<name>.expected.json`: what an adapter must make of a recording. */
export interface Expected {
  readonly format: Format;
  readonly name: string;
  /** The folder. */
  readonly wire?: string;
  /** As the server calls it. */
  readonly model?: string | null;
  readonly stream: boolean;
  readonly status: number;
  /** All deltas or parts joined, without separators. */
  readonly text: string;
  readonly reasoning: string;
  /** Cohere's; not part of `reasoning`. */
  readonly tool_plan?: string;
  readonly refusal?: string;
  readonly tool_calls: readonly ExpectedCall[];
  readonly citations: readonly unknown[];
  readonly finish: string | null;
  readonly finish_reason: string | null;
  readonly usage: Readonly<Record<string, number>> | null;
  readonly error?: ExpectedError;
  /** Of a stream: whether its end marker came. */
  readonly terminated?: boolean;
  readonly flags?: readonly string[];

  // What follows stands beside our own recordings only.
  readonly failure?: ExpectedFailure;
  readonly images?: readonly ExpectedImage[];
  /** The `data` of each part that goes back to the provider. */
  readonly replays?: readonly unknown[];
  readonly warnings?: readonly Warning[];
  /** The sources with their titles and places; elsewhere they are compared by name. */
  readonly sources?: readonly unknown[];
}
