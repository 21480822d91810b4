import type { StopReason } from '@anthropic-ai/sdk/resources/messages';
import type { FinishReason } from '../../../spec/stream-part.js';

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons */
const UNIFIED: Readonly<Record<string, FinishReason['unified']>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  pause_turn: 'pause',
  refusal: 'content_filter',
} satisfies Record<StopReason, FinishReason['unified']>;

/** `raw` is null when the message was closed without saying why. */
export function toFinishReason(raw: string | null): FinishReason {
  return { unified: (raw !== null && UNIFIED[raw]) || 'other', raw };
}
