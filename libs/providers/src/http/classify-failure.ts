import type { ProviderErrorCode } from '../spec/provider-error.js';
import { BY_MESSAGE, BY_WORD, LARGER_THAN_RATE } from './failure-words.js';

/** What is known of a failed request: the HTTP status (absent in mid-stream) and what the body says. */
export interface Failure {
  readonly status?: number | undefined;
  /** The body's own code, type and reason words, those of nested causes included. */
  readonly words: readonly string[];
  readonly message: string;
  /** The fields of the request that the body blames, as it writes them: `tools[0].function.strict`, `body.seed`. */
  readonly params?: readonly string[] | undefined;
  /** How long the body asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

const BY_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  401: 'bad_key',
  402: 'no_access',
  403: 'no_access',
  408: 'timeout',
  413: 'context_too_long',
  // text-generation-inference: the generation failed.
  424: 'unavailable',
  429: 'rate_limited',
  // Groq: flex capacity exceeded.
  498: 'overloaded',
  // Anthropic: overloaded. Not 503, which proxies send for a server that is merely down.
  529: 'overloaded',
};

/** In mid-stream, where no status tells a client error from a server error. */
const REFUSED_INPUT = /^(invalid_request_error|invalid_argument|badrequesterror|bad_request)$|image/i;
const MODEL_MESSAGE = /model|deployment/i;

/** The catalogue's code for a failure: by the body's words, then its message where no word exists, then the status. */
export function classifyFailure({ status, words, message }: Failure): ProviderErrorCode {
  if (LARGER_THAN_RATE.test(message)) return 'context_too_long';
  for (const word of words) {
    const code = BY_WORD.get(word.toLowerCase());
    if (code) return code;
  }
  const said = BY_MESSAGE.find(({ statuses, pattern }) => statuses.includes(status) && pattern.test(message));
  if (said) return said.code;
  // A wrong base URL is a 404 as well, although the model's name is right.
  if (status === 404) return MODEL_MESSAGE.test(message) ? 'model_unknown' : 'bad_request';
  if (status === undefined) return words.some((word) => REFUSED_INPUT.test(word)) ? 'bad_request' : 'unavailable';
  return BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'bad_request');
}
