import { expect, it } from 'vitest';
import { widgetText } from './widget-text.js';

it('has the words of a widget, what can be chosen, and its fields', () => {
  const { lines, choices, fields } = widgetText({
    type: 'Card',
    status: { text: 'Open' },
    children: [
      { type: 'Title', value: 'Tea\u001B[2J' },
      { type: 'Input', name: 'order.name', placeholder: 'Your name' },
      { type: 'Select', name: 'size', options: [{ value: 's', label: 'Small' }, { value: 'l' }] },
      { type: 'Row', children: [{ type: 'Button', label: 'Buy', onClickAction: { type: 'buy', payload: { id: 1 } } }] },
      { type: 'Table', children: [{ type: 'Table.Row', children: [cell('a'), cell('b')] }] },
    ],
    confirm: { label: 'Yes', action: { type: 'yes' } },
  });
  expect(lines).toEqual(['Open', 'Tea[2J', 'order.name: Your name', 'size: s | l', '[1] Buy', 'a | b', '[2] Yes']);
  expect(choices.map(({ action }) => action.type)).toEqual(['buy', 'yes']);
  expect(fields).toEqual(['order.name', 'size']);
});

const cell = (value: string) => ({ type: 'Table.Cell', children: [{ type: 'Text', value }] });
