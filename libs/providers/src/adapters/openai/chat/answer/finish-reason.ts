import type { FinishReason } from '../../../../spec/stream-part.js';

/** https://platform.openai.com/docs/api-reference/chat/streaming, and words of servers that kept their own (Together, Mistral). */
const UNIFIED: Readonly<Record<string, FinishReason['unified']>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  error: 'error',
};

/** `raw` is null when the server closed the answer without saying why. */
export function toFinishReason(raw: string | null): FinishReason {
  return { unified: (raw !== null && UNIFIED[raw]) || 'other', raw };
}
