import { expect, it } from 'vitest';
import type { Item } from '../types.js';
import { shownItem } from './shown-item.js';

it.each<[string, Omit<Item, 'id'>, string]>([
  [
    'the text of a message',
    { type: 'user_message', content: [{ type: 'input_text', text: 'Hi ' }, { text: 'there' }] },
    'Hi there',
  ],
  ['its files', { type: 'user_message', content: [], attachments: [{ name: 'a.pdf' }] }, '[file: a.pdf]'],
  ['a part that is no text', { type: 'user_message', content: [{ type: 'input_tag' }] }, '[input tag]'],
  ['a hidden context', { type: 'sdk_hidden_context', content: 'The user stopped.' }, 'The user stopped.'],
  [
    'a call of a tool by its name',
    { type: 'client_tool_call', name: 'set_theme' },
    '[call of a tool of the page: set_theme]',
  ],
  ['an answer without text', { type: 'assistant_message', content: [] }, '[answer without text]'],
  ['any other kind by its name', { type: 'end_of_turn' }, '[end of turn]'],
])('%s', (_, item, shown) => {
  expect(shownItem({ id: 'x', ...item })).toBe(shown);
});
