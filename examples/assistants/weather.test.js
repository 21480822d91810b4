import { testAssistant } from 'chatkit-relay/assistants/testing';
import { expect, it } from 'vitest';
import weather from './weather.js';

it('looks the temperature up before it answers', async () => {
  const chat = testAssistant(weather, {
    model: [{ tools: [{ name: 'temperature', arguments: { city: 'Oslo' } }] }, 'It is 2 °C in Oslo.'],
  });
  const turn = await chat.send('How cold is it in Oslo?');
  expect(turn.state).toBe('completed');
  expect(turn.text).toBe('It is 2 °C in Oslo.');
  expect(turn.events).toContainEqual(
    expect.objectContaining({ type: 'progress_update', text: 'Asking the station in Oslo …' }),
  );
  // What the model was told after the tool had run.
  expect(JSON.stringify(chat.modelCalls[1].messages)).toContain('celsius');
});

it('tells the model of a city without a station', async () => {
  const chat = testAssistant(weather, {
    model: [{ tools: [{ name: 'temperature', arguments: { city: 'Atlantis' } }] }, 'There is no station there.'],
  });
  expect((await chat.send('And in Atlantis?')).text).toBe('There is no station there.');
  expect(JSON.stringify(chat.modelCalls[1].messages)).toContain('There is no station in Atlantis.');
});

it('ends with an error that can be retried while its provider is overloaded', async () => {
  const { state, error } = await testAssistant(weather, { model: [{ error: 'overloaded' }] }).send('Hello');
  expect([state, error.code]).toEqual(['failed', 'provider.overloaded']);
});
