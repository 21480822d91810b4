import type { IncomingHttpHeaders } from 'node:http';
import { classifyFailure, type Failure } from '../http/classify-failure.js';
import { operatorDetail } from '../http/operator-detail.js';
import { retryAfterMs } from '../http/retry-after.js';
import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';
import { ErrorBody } from './error-body.js';

/** Who failed, and what must not be written into a log about it. */
export interface FailureContext {
  readonly ref: ProviderErrorInit['ref'];
  readonly secrets: readonly string[];
  /** For a provider whose words or statuses mean something of their own. */
  readonly classify?: ((failure: Failure) => ProviderErrorCode) | undefined;
}

/** An HTTP response that is not a success. `now` in epoch milliseconds, for a Retry-After that is a date. */
export function httpFailure(
  context: FailureContext,
  response: { status: number; headers: IncomingHttpHeaders; text: string },
  now: number,
): ProviderError {
  const { classify = classifyFailure } = context;
  const { status, headers, text } = response;
  const { words, message } = readError(tryJson(text)) ?? { words: [], message: text };
  const wait = retryAfterMs(headers, now);
  return new ProviderError(classify({ status, words, message }), {
    ref: context.ref,
    status,
    detail: operatorDetail(`HTTP ${status} ${[...words, message].join(' ')}`.trim(), context.secrets),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

/** An error object in the middle of a stream, where some servers put the status into `code`. */
export function streamFailure(context: FailureContext, json: unknown): ProviderError {
  const { classify = classifyFailure } = context;
  const { words, message, status } = readError(json) ?? { words: [], message: JSON.stringify(json), status: undefined };
  return new ProviderError(classify({ status, words, message }), {
    ref: context.ref,
    detail: operatorDetail(`in mid-stream: ${[...words, message].join(' ')}`, context.secrets),
  });
}

function readError(json: unknown): { words: string[]; message: string; status: number | undefined } | undefined {
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
    // An error page of some proxy: its words are the detail.
    return undefined;
  }
}
