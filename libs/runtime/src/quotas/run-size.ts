import type { ChatCompletionRequest } from '../gateway/chat-completion-request.js';
import type { RunSize } from './quotas.js';

/** How much text a completion brings, and how long its answer may be. */
export const completionSize = ({ messages, tools, ...asked }: ChatCompletionRequest): RunSize => ({
  characters: textLength(messages) + textLength(tools),
  maxOutputTokens: asked.max_completion_tokens ?? asked.max_tokens ?? 0,
});

/** Files and sound, whose tokens nobody knows from their length. */
const BYTES_OF_FILES = new Set(['data', 'file_data']);
const EMBEDDED = 'data:';

/** Characters of all texts in a value of JSON, without those of files in it. */
export function textLength(value: unknown): number {
  if (typeof value === 'string') return value.startsWith(EMBEDDED) ? 0 : value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, part]) => sum + (isFile(name, part) ? 0 : textLength(part)), 0);
}

const isFile = (name: string, part: unknown): boolean => BYTES_OF_FILES.has(name) && typeof part === 'string';
