import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testAssistant } from 'chatkit-relay/assistants/testing';
import { assistant } from './orders.js';

void it('looks an order up before it answers', async () => {
  const chat = testAssistant(assistant, {
    model: [{ tools: [{ name: 'order', arguments: { id: '17' } }] }, 'It is on its way.'],
  });
  const { state, text, events } = await chat.send('Where is order 17?');
  assert.deepEqual([state, text], ['completed', 'It is on its way.']);
  assert.ok(events.some((event) => event.type === 'progress_update' && event.text === 'Looking for 17 …'));
});
