import type { Format } from '../recordings/expected.js';
import type { ErrorWords } from './bad-request.js';

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

type Shape = (status: number, message: string, words: ErrorWords) => unknown;

const BY_FORMAT: Readonly<Record<Format, Shape>> = {
  'openai-chat': openai,
  'openai-responses': openai,
  'anthropic-messages': (status, message, { type }) => ({
    type: 'error',
    error: { type: type ?? ANTHROPIC_TYPES[status] ?? 'api_error', message },
    request_id: 'req_replay',
  }),
  'cohere-v2-chat': (_, message) => ({ id: '00000000-0000-4000-8000-000000000000', message }),
  'ollama-chat': (_, message) => ({ error: message }),
  'hf-tgi': (status, message) => ({
    error: message,
    error_type: status === 422 ? 'validation' : status === 429 ? 'overloaded' : 'generation',
  }),
};

/** Wires whose errors look unlike those of their format. */
const BY_WIRE: Readonly<Record<string, Shape>> = {
  mistral: (status, message, { type, code }) => ({
    object: 'error',
    message,
    type: type ?? 'invalid_request_error',
    param: null,
    code: code ?? '1000',
    raw_status_code: status,
  }),
  openrouter: (status, message) => ({ error: { message, code: status } }),
  llamacpp: (status, message, { type }) => ({
    error: { code: status, message, type: type ?? 'invalid_request_error' },
  }),
  vllm: (status, message, { type, param }) => ({
    error: { message, type: type ?? 'BadRequestError', param: param ?? null, code: status },
  }),
};

/** The body of an error as the server of that wire would word it. */
export function errorBody(
  wire: string,
  format: Format,
  status: number,
  message: string,
  words: ErrorWords = {},
): unknown {
  return (BY_WIRE[wire] ?? BY_FORMAT[format])(status, message, words);
}

function openai(status: number, message: string, { type, code, param }: ErrorWords): unknown {
  const kind = status === 429 ? 'rate_limit_exceeded' : status >= 500 ? 'server_error' : 'invalid_request_error';
  const word = status === 401 ? 'invalid_api_key' : status === 404 ? 'model_not_found' : null;
  return { error: { message, type: type ?? kind, param: param ?? null, code: code ?? word } };
}
