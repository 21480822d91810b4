import type { IncomingHttpHeaders } from 'node:http';
import { classifyFailure, type Failure } from '../http/classify-failure.js';
import { operatorDetail } from '../http/operator-detail.js';
import { retryAfterMs } from '../http/retry-after.js';
import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';
import { ErrorBody } from './error-body.js';

/** For a provider that reports failures unlike most. */
export interface FailureRules {
  /** For a provider whose codes or statuses have a meaning of their own. */
  readonly classify?: ((failure: Failure) => ProviderErrorCode) | undefined;
  /** For a provider whose error bodies have another shape; undefined for a body that does not have it either. */
  readonly errorIn?: ((json: unknown) => Failure | undefined) | undefined;
}

/** Who failed, and what must not be written into a log about it. */
export interface FailureContext extends FailureRules {
  readonly ref: ProviderErrorInit['ref'];
  readonly secrets: readonly string[];
}

/** An HTTP response that is not a success. `now` in epoch milliseconds, for a Retry-After that is a date. */
export function httpFailure(
  context: FailureContext,
  response: { status: number; headers: IncomingHttpHeaders; text: string },
  now: number,
): ProviderError {
  const { classify = classifyFailure } = context;
  const { status, headers, text } = response;
  const { words, message } = errorOf(context, tryJson(text)) ?? { words: [], message: text };
  const wait = retryAfterMs(headers, now);
  const retryable = shouldRetry(headers['x-should-retry']);
  return new ProviderError(classify({ status, words, message }), {
    ref: context.ref,
    status,
    detail: operatorDetail(`HTTP ${status} ${[...words, message].join(' ')}`.trim(), context.secrets),
    ...(retryable !== undefined && { retryable }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

/** OpenAI and Anthropic state explicitly, besides the status, whether to retry. */
function shouldRetry(header: string | string[] | undefined): boolean | undefined {
  return header === 'true' || header === 'false' ? header === 'true' : undefined;
}

/** An error object in the middle of a stream, where some servers put the status into `code`. */
export function streamFailure(context: FailureContext, json: unknown): ProviderError {
  const { classify = classifyFailure } = context;
  const { words, message, status } = errorOf(context, json) ?? {
    words: [],
    message: JSON.stringify(json),
    status: undefined,
  };
  return new ProviderError(classify({ status, words, message }), {
    ref: context.ref,
    detail: operatorDetail(`in mid-stream: ${[...words, message].join(' ')}`, context.secrets),
  });
}

const errorOf = ({ errorIn }: FailureContext, json: unknown) => errorIn?.(json) ?? readError(json);

function readError(json: unknown): Failure | undefined {
  // Gemini wraps the object into a list.
  const parsed = ErrorBody.safeParse(Array.isArray(json) ? json[0] : json);
  if (!parsed.success) return undefined;
  const { error: inner, ...outer } = parsed.data;
  const error = typeof inner === 'object' && inner !== null ? inner : outer;
  const message = typeof inner === 'string' ? inner : (error.message ?? outer.message ?? error.detail ?? '');
  const status = typeof error.code === 'number' && error.code >= 400 && error.code < 600 ? error.code : undefined;
  return {
    words: [error.code, error.type, error.error_type].filter((word) => typeof word === 'string'),
    message: typeof message === 'string' ? message : JSON.stringify(message),
    status,
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page: its text is the detail.
    return undefined;
  }
}
