import type { ProviderErrorCode } from '../spec/provider-error.js';

/** What is known of a failed request: the HTTP status (absent in mid-stream) and the body's own code or type words. */
export interface Failure {
  readonly status?: number | undefined;
  readonly words: readonly string[];
  readonly message: string;
}

/**
 * Code and type words of error bodies, lower case, as documented by OpenAI (https://platform.openai.com/docs/guides/error-codes),
 * Azure, Anthropic, Hugging Face, Groq, Mistral and Perplexity. They beat the status, which is often just 400.
 */
const BY_WORD: Readonly<Record<string, ProviderErrorCode>> = {
  invalid_api_key: 'bad_key',
  authentication_error: 'bad_key',
  insufficient_quota: 'no_access',
  billing_hard_limit_reached: 'no_access',
  permission_error: 'no_access',
  billing_error: 'no_access',
  model_not_found: 'model_unknown',
  invalid_model: 'model_unknown',
  deploymentnotfound: 'model_unknown',
  context_length_exceeded: 'context_too_long',
  too_many_prompt_tokens: 'context_too_long',
  exceed_context_size_error: 'context_too_long',
  content_filter: 'content_filtered',
  content_policy_violation: 'content_filtered',
  image_content_policy_violation: 'content_filtered',
  bio_policy: 'content_filtered',
  misalignment_policy_violation: 'content_filtered',
  // OpenAI: the prompt was flagged as violating the usage policy.
  invalid_prompt: 'content_filtered',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  ratelimitreached: 'rate_limited',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  timeout_error: 'timeout',
  server_overloaded: 'overloaded',
  engine_overloaded: 'overloaded',
};

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

/** Servers with no code for it (Ollama, vLLM, llama.cpp, text-generation-inference) can only be recognised by their messages. */
const CONTEXT_MESSAGE =
  /context (length|size|window|limit)|prompt (is )?too long|maximum context|tokens`? must be <=|must have less than \d+ tokens/i;
/** Anthropic has only `invalid_request_error` for these. */
const BALANCE_MESSAGE = /credit balance is too low/i;
const FILTER_MESSAGE = /blocked by content filtering/i;
/** In mid-stream, where no status tells a client error from a server error. */
const REFUSED_INPUT = /^invalid_request_error$|image/;
const MODEL_MESSAGE = /model|deployment/i;

/** The catalogue's code for a failure: by the body's words, then its message where no word exists, then the status. */
export function classifyFailure({ status, words, message }: Failure): ProviderErrorCode {
  for (const word of words) {
    const code = BY_WORD[word.toLowerCase()];
    if (code) return code;
  }
  if ((status === 400 || status === 422) && CONTEXT_MESSAGE.test(message)) return 'context_too_long';
  if (status === 400 && BALANCE_MESSAGE.test(message)) return 'no_access';
  if ((status === 400 || status === undefined) && FILTER_MESSAGE.test(message)) return 'content_filtered';
  // A wrong base URL is a 404 as well, although the model's name is right.
  if (status === 404) return MODEL_MESSAGE.test(message) ? 'model_unknown' : 'bad_request';
  if (status === undefined) return words.some((word) => REFUSED_INPUT.test(word)) ? 'bad_request' : 'unavailable';
  return BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'bad_request');
}
