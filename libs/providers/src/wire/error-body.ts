import type { Failure } from '../http/classify-failure.js';
import { type Json, object } from '../http/json.js';
import { durationMs } from '../http/retry-after.js';

/** Fields with a word for what went wrong, and with a sentence about it, in the bodies of all vendors. */
const WORD_FIELDS = ['code', 'type', 'error_type', 'status', 'reason', 'error_code', '__type', 'Code'] as const;
const MESSAGE_FIELDS = [
  'message',
  'Message',
  'msg',
  'status_msg',
  'error_msg',
  'error_message',
  'error_description',
] as const;

/**
 * Fields with the cause behind an error: OpenRouter's `metadata.raw` (a body as text), Google's `details`, Azure's `innererror`, FastAPI's
 * `detail`, GraphQL's `errors`, Alibaba's and Bedrock's wrappers.
 */
const CAUSE_FIELDS = [
  'error',
  'errors',
  'detail',
  'details',
  'innererror',
  'inner_error',
  'metadata',
  'raw',
  'cause',
  'fieldViolations',
  'output',
  // MiniMax, whose numbers of failures are its own.
  'base_resp',
] as const;

/** Deeper, or more of them, and it is no error body. */
const MAX_DEPTH = 8;
const MAX_CAUSES = 8;

interface Found {
  readonly words: string[];
  readonly messages: string[];
  readonly params: string[];
  status?: number | undefined;
  retryAfterMs?: number | undefined;
}

/** Everything that an error body and its nested causes say; undefined when it has no such field. The outer words come first. */
export function readErrorBody(json: unknown): Failure | undefined {
  const found: Found = { words: [], messages: [], params: [] };
  collect(json, found, 0);
  const { words, params, status, retryAfterMs } = found;
  const messages = distinct(found.messages);
  if (words.length + messages.length + params.length === 0 && status === undefined) return undefined;
  return {
    words: distinct(words),
    message: messages.join(': '),
    params: distinct(params),
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function collect(value: unknown, found: Found, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') return collectText(value, found, depth);
  // Gemini wraps the object into a list.
  if (Array.isArray(value)) return value.slice(0, MAX_CAUSES).forEach((one) => collect(one, found, depth + 1));
  const json = object(value);
  if (!json) return;
  collectWords(json, found);
  for (const field of MESSAGE_FIELDS) {
    const said = json[field];
    if (typeof said === 'string') collectText(said, found, depth);
    else if (object(said) || Array.isArray(said)) found.messages.push(JSON.stringify(said));
  }
  for (const field of CAUSE_FIELDS) if (json[field] != null) collect(json[field], found, depth + 1);
}

function collectWords(json: Json, found: Found): void {
  for (const field of WORD_FIELDS) {
    const word = json[field];
    // Bedrock: `com.amazon.coral.service#ThrottlingException`.
    if (typeof word === 'string' && /^[45]\d\d$/.test(word)) found.status ??= Number(word);
    if (typeof word === 'string' && word !== '') found.words.push(word.slice(word.indexOf('#') + 1));
    else if (isStatus(word)) found.status ??= word;
  }
  const { statusCode, status_code: other } = json;
  for (const status of [statusCode, MINIMAX[Number(other)] ?? other]) if (isStatus(status)) found.status ??= status;
  // OpenRouter: what the moderation found.
  if (json['flagged_input'] !== undefined) found.words.push('moderation_flagged');
  for (const field of ['param', 'field', 'loc']) {
    const param = json[field];
    if (typeof param === 'string' && param !== '') found.params.push(param);
    else if (Array.isArray(param)) found.params.push(param.join('.'));
  }
  // Google's RetryInfo.
  if (typeof json['retryDelay'] === 'string') found.retryAfterMs ??= durationMs(json['retryDelay']);
}

/** https://platform.minimax.io/docs/api-reference/errorcode, as the statuses that HTTP has for them. */
const MINIMAX: Readonly<Record<number, number>> = { 1002: 429, 1004: 401, 1008: 402, 1039: 429, 2013: 400, 2049: 401 };

const isStatus = (value: unknown): value is number => typeof value === 'number' && value >= 400 && value < 600;

/** A sentence, or a whole body as text, or (LiteLLM) a sentence with the vendor's body in it. */
function collectText(text: string, found: Found, depth: number): void {
  const start = text.search(/[{[]\s*["{]/);
  const inner = start < 0 ? undefined : parsed(text.slice(start, text.lastIndexOf('}') + 1));
  if (inner === undefined) {
    if (text.trim() !== '') found.messages.push(text);
    return;
  }
  const before = text.slice(0, start).replace(/[\s:-]+$/, '');
  if (before !== '') found.messages.push(before);
  collect(inner, found, depth + 1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const distinct = (all: readonly string[]): string[] => [...new Set(all)];
