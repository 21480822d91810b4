import type { FinishReason } from '../../spec/stream-part.js';
import type { ResponseFields } from './response-config.js';

/** Words that are used by many, lower case. */
const COMMON: Readonly<Record<string, FinishReason['unified']>> = {
  stop: 'stop',
  stopped: 'stop',
  end: 'stop',
  end_turn: 'stop',
  endoftext: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  completed: 'stop',
  done: 'stop',
  finished: 'stop',
  true: 'stop',
  length: 'length',
  max_length: 'length',
  max_tokens: 'length',
  token_limit: 'length',
  content_filter: 'content_filter',
  safety: 'content_filter',
  tool_calls: 'tool_calls',
  tool_call: 'tool_calls',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
};

/** By the config entry, then by what many call it. */
export function toFinishReason(raw: string | null, declared: ResponseFields['finishReasons'] = {}): FinishReason {
  if (raw === null) return { unified: 'stop', raw };
  const known = new Map([...Object.entries(COMMON), ...Object.entries(declared)]);
  return { unified: known.get(raw) ?? known.get(raw.toLowerCase()) ?? 'other', raw };
}
