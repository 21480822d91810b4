import type { ChatCompletionRequest } from '../gateway/chat-completion-request.js';
import type { RunSize } from './quotas.js';

/** How much text a completion brings, and how long its answer may be. */
export const completionSize = ({ messages, tools, ...asked }: ChatCompletionRequest): RunSize => ({
  characters: textLength(messages) + (tools === undefined ? 0 : JSON.stringify(tools).length),
  maxOutputTokens: asked.max_completion_tokens ?? asked.max_tokens ?? 0,
});

/** What an assistant call brings: text. */
export const callSize = (payload: unknown): RunSize => ({ characters: textLength(payload), maxOutputTokens: 0 });

/** A token for 100 ms, at the 32 kbit/s of a browser's recording; as usage is estimated where a provider reports none. */
const SPEECH_BYTES_PER_TOKEN = 400;

/** What speech brings, by the length of its Base64. */
export const speechSize = (audioBase64: string): RunSize => ({
  characters: 0,
  maxOutputTokens: 0,
  otherTokens: Math.ceil((audioBase64.length * 3) / 4 / SPEECH_BYTES_PER_TOKEN),
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
