import type { ProviderErrorCode } from '../../../libs/providers/src/spec/provider-error.js';
import type { Expected, ExpectedFailure } from './expected.js';
import type { Recording } from './recording.js';

/** Words of error bodies that say what is meant whatever the status, as the vendors' lists of errors have them. */
const BY_WORD: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  [/^(invalid_api_key|authentication_error)$/, 'bad_key'],
  [/^(insufficient_quota|billing_error|permission_error)$/, 'no_access'],
  [/^(model_not_found|invalid_model|deploymentnotfound)$/, 'model_unknown'],
  [/^(context_length_exceeded|too_many_prompt_tokens|exceed_context_size_error)$/, 'context_too_long'],
  [/^(content_filter|content_policy_violation|invalid_prompt)$/, 'content_filtered'],
  [/^(rate_limit_exceeded|rate_limit_error|ratelimitreached)$/, 'rate_limited'],
  [/^(overloaded|overloaded_error|server_overloaded|engine_overloaded)$/, 'overloaded'],
  [/^timeout_error$/, 'timeout'],
];

/** Messages of servers that have no word for it, by status; 0: an error within a stream. */
const BY_MESSAGE: readonly (readonly [status: RegExp, message: RegExp, code: ProviderErrorCode])[] = [
  [
    /^(400|422)$/,
    /context (length|size|window)|prompt too long|maximum context|tokens` must be <=/i,
    'context_too_long',
  ],
  [/^400$/, /credit balance is too low/i, 'no_access'],
  [/^(0|400)$/, /blocked by content filtering/i, 'content_filtered'],
  [/^429$/, /trial key.* \/ month/i, 'no_access'],
  // xAI has one word, `invalid-argument`, for all of these.
  [/^400$/, /^incorrect API key/i, 'bad_key'],
  [/^400$/, /^model not found/i, 'model_unknown'],
  [/^404$/, /model|deployment/i, 'model_unknown'],
  // llama.cpp: the server does not take tools, and will not.
  [/^500$/, /requires --jinja/i, 'bad_request'],
];

const BY_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  401: 'bad_key',
  402: 'no_access',
  403: 'no_access',
  408: 'timeout',
  413: 'context_too_long',
  429: 'rate_limited',
  498: 'overloaded',
  529: 'overloaded',
};

/** Reasons that an answer ended which say that it failed. */
const BY_REASON: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  [/^TIMEOUT$/, 'timeout'],
  [/^(error|failed)$/i, 'unavailable'],
  [/^insufficient_system_resource$/, 'overloaded'],
];

/** What text-generation-inference calls an error within a stream, as the status that it would have had. */
const GENERATION_STATUS: Readonly<Record<string, number>> = { validation: 422, overloaded: 429, generation: 424 };

/** The error that an answer must end in; undefined where it must come to its end. */
export function expectedFailure({ expected }: Recording): ExpectedFailure | undefined {
  if (expected.failure) return expected.failure;
  if (expected.error || expected.status >= 400) return { code: codeOf(expected) };
  const ended = BY_REASON.find(([reason]) => reason.test(expected.finish_reason ?? ''));
  if (ended) return { code: ended[1] };
  if (!expected.stream || expected.finish_reason !== null) return undefined;
  const broken = expected.flags?.some((flag) => flag.startsWith('unparseable_events'));
  if (broken) return { code: 'malformed_response' };
  return expected.terminated === false ? { code: 'stream_truncated' } : undefined;
}

function codeOf({ status: http, error = {}, format }: Expected): ProviderErrorCode {
  const words = [error.code, error.type].map((word) => String(word ?? '').toLowerCase());
  const status = http >= 400 ? http : statusWithin(error, format);
  for (const [pattern, code] of BY_WORD) if (words.some((word) => pattern.test(word))) return code;
  const { message = '' } = error;
  const told = BY_MESSAGE.find(([when, pattern]) => when.test(String(status)) && pattern.test(message));
  if (told) return told[2];
  if (status === 0)
    return words.some((word) => /^invalid_request_error$|image/.test(word)) ? 'bad_request' : 'unavailable';
  return BY_STATUS[status] ?? (status >= 500 || status === 424 ? 'unavailable' : 'bad_request');
}

/** Some servers put a status into an error within a stream. */
function statusWithin({ code, type = '' }: NonNullable<Expected['error']>, format: Expected['format']): number {
  if (format === 'hf-tgi') return GENERATION_STATUS[type] ?? 0;
  return typeof code === 'number' && code >= 400 && code < 600 ? code : 0;
}
