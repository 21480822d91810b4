import type { FinishReason } from '../../../spec/stream-part.js';

/** https://docs.cohere.com/reference/chat-stream; the last two are of older models. ERROR and TIMEOUT end in an exception. */
const UNIFIED: Readonly<Record<string, FinishReason['unified']>> = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool_calls',
  ERROR_LIMIT: 'length',
  ERROR_TOXIC: 'content_filter',
};

/** `raw` is null when the answer ended without saying why. */
export function toFinishReason(raw: string | null): FinishReason {
  return { unified: (raw !== null && UNIFIED[raw]) || 'other', raw };
}
