import { expect, it } from 'vitest';
import { keysSeen, readFirst, stepsOf } from './response-path.js';

const ANSWER = {
  id: 'x',
  empty: null,
  blank: '',
  blanks: [{ text: '' }, { text: '' }],
  nothing: [],
  choices: [{ message: { content: 'first' } }, { message: { content: 'second' } }],
  blocks: [
    { type: 'thought', text: 'hm' },
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ],
  event: { type: 'token', value: 0 },
  grid: [[1, 2], [3]],
  'odd-name': 'odd',
};

it.each<[string, readonly string[], unknown]>([
  ['a field', ['id'], 'x'],
  ['a field with a dash', ['odd-name'], 'odd'],
  ['a path', ['choices[0].message.content'], 'first'],
  ['an element from the end', ['choices[-1].message.content'], 'second'],
  ['all elements', ['choices[*].message.content'], ['first', 'second']],
  ['elements of elements', ['grid[1][0]'], 3],
  ['elements by a field', ['blocks[?type=text].text'], ['a', 'b']],
  ['an object by a field', ['event[?type=token].value'], 0],
  ['an object of another kind', ['event[?type=done].value'], undefined],
  ['the first that fits', ['nope', 'empty', 'choices[7].message', 'id', 'odd-name'], 'x'],
  ['the first that is not an empty text', ['blank', 'blanks[*].text', 'nothing', 'id'], 'x'],
  ['an empty text where there is nothing else', ['nope', 'blank', 'nothing'], ''],
  ['none', ['nope.at.all', 'id.length', 'blocks[*].nope', 'choices.length'], undefined],
])('reads %s', (_, candidates, expected) => {
  expect(readFirst(ANSWER, candidates)).toEqual(expected);
});

it('reads a list at the top', () => {
  expect(readFirst([{ text: 'a' }], ['[0].text'])).toBe('a');
});

it.each(['', 'a..b', 'a[', 'a[x]', 'a]', '[?=]', '.a'])('refuses the path %j', (path) => {
  expect(() => stepsOf(path)).toThrow(Error);
});

it('names the keys that were seen', () => {
  expect(keysSeen({ id: 1, choices: [{ message: { content: 'a' } }, { delta: {} }], none: [] })).toBe(
    'id, choices[].message.content, choices[].delta, none',
  );
  expect(keysSeen('text')).toBe('none');
});

it('names so many keys as a log bears', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, index]));
  expect(keysSeen(many).split(', ')).toHaveLength(31);
});
