import { type Json, list, object } from '../../http/json.js';

/** Together's `type` of models that write no text (https://docs.together.ai/reference/models-1). */
const OTHER_TYPES: ReadonlySet<unknown> = new Set([
  'image',
  'video',
  'audio',
  'transcribe',
  'embedding',
  'moderation',
  'rerank',
]);

/**
 * Whether a model of a list can chat, as far as the list says: Together's `type`, OpenRouter's `architecture.output_modalities`, Mistral's
 * `capabilities.completion_chat`, and Groq's `active`. Noted on 2026-11-29.
 */
export function canChat(model: Json): boolean {
  if (OTHER_TYPES.has(model['type']) || model['active'] === false) return false;
  if (object(model['capabilities'])?.['completion_chat'] === false) return false;
  const outputs = list(object(model['architecture'])?.['output_modalities']);
  return outputs.length === 0 || outputs.includes('text');
}
