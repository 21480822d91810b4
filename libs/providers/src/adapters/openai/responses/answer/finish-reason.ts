import { type Json, object, text } from '../../../../http/json.js';

/** The status of a response, or why it is incomplete (https://platform.openai.com/docs/api-reference/responses/object). */
export function finishWordOf(response: Json, fallback: string): string {
  const status = text(response['status']) || fallback;
  const reason = text(object(response['incomplete_details'])?.['reason']);
  return status === 'incomplete' ? reason || status : status;
}
