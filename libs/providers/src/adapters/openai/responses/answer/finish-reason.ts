import { type Json, object, text } from '../../../../http/json.js';
import type { FinishReason } from '../../../../spec/stream-part.js';

const UNIFIED: Readonly<Record<string, FinishReason['unified']>> = {
  completed: 'stop',
  max_output_tokens: 'length',
  content_filter: 'content_filter',
};

/** The status of a response, or why it is incomplete (https://platform.openai.com/docs/api-reference/responses/object). */
export function toFinishReason(response: Json, fallback: string): FinishReason {
  const status = text(response['status']) || fallback;
  const reason = text(object(response['incomplete_details'])?.['reason']);
  const raw = status === 'incomplete' ? reason || status : status;
  return { unified: UNIFIED[raw] ?? 'other', raw };
}
