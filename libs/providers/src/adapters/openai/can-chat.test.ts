import { expect, it } from 'vitest';
import { canChat } from './can-chat.js';

it.each([
  [true, { id: 'm', object: 'model' }],
  [true, { id: 'm', type: 'chat' }],
  [true, { id: 'm', type: 'language' }],
  [false, { id: 'm', type: 'embedding' }],
  [false, { id: 'm', type: 'image' }],
  [true, { id: 'm', architecture: { output_modalities: ['image', 'text'] } }],
  [false, { id: 'm', architecture: { output_modalities: ['embeddings'] } }],
  [true, { id: 'm', capabilities: { completion_chat: true } }],
  [false, { id: 'm', capabilities: { completion_chat: false } }],
  [true, { id: 'm', active: true }],
  [false, { id: 'm', active: false }],
])('is %s of %j', (able, model) => {
  expect(canChat(model)).toBe(able);
});
