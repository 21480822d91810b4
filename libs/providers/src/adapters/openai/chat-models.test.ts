import { expect, it } from 'vitest';
import { mayChat } from './chat-models.js';

it.each(['gpt-5.4-mini', 'gpt-4o', 'o3', 'o4-mini', 'chatgpt-4o-latest', 'ft:gpt-4o-mini:org::x1'])('%s may', (id) => {
  expect(mayChat(id)).toBe(true);
});

it.each([
  'text-embedding-3-small',
  'whisper-1',
  'tts-1-hd',
  'dall-e-3',
  'gpt-image-1',
  'omni-moderation-latest',
  'gpt-4o-transcribe',
  'gpt-4o-mini-tts',
  'gpt-4o-realtime-preview',
  'gpt-4o-audio-preview-2024-12-17',
  'gpt-3.5-turbo-instruct',
  'davinci-002',
  'sora-2',
])('%s may not', (id) => {
  expect(mayChat(id)).toBe(false);
});
