import type { ChatCompletionRequest } from '../gateway/chat-completion-request.js';
import type { RunSize } from './quotas.js';

/** How much text a completion brings, and how long its answer may be. */
export const completionSize = ({ messages, tools, ...asked }: ChatCompletionRequest): RunSize => ({
  characters: textLength(messages) + (tools === undefined ? 0 : JSON.stringify(tools).length),
  maxOutputTokens: asked.max_completion_tokens ?? asked.max_tokens ?? 0,
});

/** Files, pictures and sound, whose tokens nobody knows from their length, by their place in a part of a message. */
const EMBEDDED: Readonly<Record<string, string>> = { image_url: 'url', file: 'file_data', input_audio: 'data' };

/** Characters of all texts in a value of JSON, without those of files in it. */
export function textLength(value: unknown, place = ''): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, part]) => sum + (EMBEDDED[place] === name ? 0 : textLength(part, name)),
    0,
  );
}
