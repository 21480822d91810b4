import type { IncomingHttpHeaders } from 'node:http';
import { classifyFailure, type Failure } from '../http/classify-failure.js';
import { operatorDetail } from '../http/operator-detail.js';
import { retryAfterMs, waitInMessage } from '../http/retry-after.js';
import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';
import { refusedFeatures } from '../unsupported/refused-features.js';
import { readErrorBody } from './error-body.js';

/** For a provider that reports failures unlike most. */
export interface FailureRules {
  /** For a provider whose codes or statuses have a meaning of their own. */
  readonly classify?: ((failure: Failure) => ProviderErrorCode) | undefined;
  /** For a provider whose error bodies have another shape; undefined for a body that does not have it either. */
  readonly errorIn?: ((json: unknown) => Failure | undefined) | undefined;
  /** For a provider that names its errors in a header. */
  readonly wordsIn?: ((headers: IncomingHttpHeaders) => readonly string[]) | undefined;
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
  const body = errorOf(context, tryJson(text)) ?? { words: [], message: text };
  const failure: Failure = { ...body, status, words: [...(context.wordsIn?.(headers) ?? []), ...body.words] };
  const { code, refused } = meaningOf(failure, classify);
  const wait = retryAfterMs(headers, now) ?? waitOf(code, failure);
  const retryable = isChance(failure) ? true : shouldRetry(headers['x-should-retry']);
  return new ProviderError(code, {
    ref: context.ref,
    status,
    detail: operatorDetail(`HTTP ${status} ${wordsOf(failure)}`.trim(), context.secrets),
    ...(retryable !== undefined && { retryable }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(refused.length > 0 && { refused }),
  });
}

/** A server that names what it does not support is up, even where it answers 500 (llama.cpp) or 404 (OpenRouter). */
function meaningOf(failure: Failure, classify: (failure: Failure) => ProviderErrorCode) {
  const code = classify(failure);
  const refused = refusedFeatures(failure, code);
  return { code: refused.length > 0 && code !== 'context_too_long' ? 'bad_request' : code, refused } as const;
}

/** A wait that only the body names. In a message it counts for limits alone: other errors say "try again" as well. */
const waitOf = (code: ProviderErrorCode, { message, retryAfterMs: said }: Failure): number | undefined =>
  said ?? (code === 'rate_limited' || code === 'overloaded' ? waitInMessage(message) : undefined);

/** What the body says, for the operator. */
const wordsOf = ({ words, params = [], message }: Failure): string => [...words, ...params, message].join(' ').trim();

/** Groq, when its model wrote a tool call that cannot be read, with status 400: the same request may well succeed. */
const isChance = ({ words }: Failure): boolean => words.includes('tool_use_failed');

/** OpenAI and Anthropic state explicitly, besides the status, whether to retry. */
function shouldRetry(header: string | string[] | undefined): boolean | undefined {
  return header === 'true' || header === 'false' ? header === 'true' : undefined;
}

/** An error object in the middle of a stream, where some servers put the status into `code`. */
export function streamFailure(context: FailureContext, json: unknown): ProviderError {
  const { classify = classifyFailure } = context;
  const failure = errorOf(context, json) ?? {
    words: [],
    message: typeof json === 'string' ? json : JSON.stringify(json),
  };
  const { code, refused } = meaningOf(failure, classify);
  const wait = waitOf(code, failure);
  return new ProviderError(code, {
    ref: context.ref,
    detail: operatorDetail(`in mid-stream: ${wordsOf(failure)}`, context.secrets),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(refused.length > 0 && { refused }),
  });
}

const errorOf = ({ errorIn }: FailureContext, json: unknown): Failure | undefined =>
  errorIn?.(json) ?? readErrorBody(json);

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page: its text is the detail.
    return undefined;
  }
}
