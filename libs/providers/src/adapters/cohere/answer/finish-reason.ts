import type { Cohere } from 'cohere-ai';
import type { FinishReason } from '../../../spec/stream-part.js';

/** ERROR and TIMEOUT end in an exception; the last two are of older models. */
type Finish = Exclude<Cohere.ChatFinishReason, 'ERROR' | 'TIMEOUT'> | 'ERROR_LIMIT' | 'ERROR_TOXIC';

/** https://docs.cohere.com/reference/chat-stream */
const UNIFIED: Readonly<Record<string, FinishReason['unified']>> = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool_calls',
  ERROR_LIMIT: 'length',
  ERROR_TOXIC: 'content_filter',
} satisfies Record<Finish, FinishReason['unified']>;

/** `raw` is null when the answer ended without saying why. */
export function toFinishReason(raw: string | null): FinishReason {
  return { unified: (raw !== null && UNIFIED[raw]) || 'other', raw };
}
