import { expect, it } from 'vitest';
import { wholeTurns } from './whole-turns.js';

/** Oldest first, one letter an item: u a message of the user, anything else what followed it. */
const window = (items: string, limit: number) => {
  const rows = [...items].map((letter) => ({ letter, type: letter === 'u' ? 'user_message' : 'assistant_message' }));
  const newestFirst = rows.toReversed().slice(0, limit + 1);
  return wholeTurns(newestFirst, limit)
    ?.toReversed()
    .map(({ letter }) => letter)
    .join('');
};

it.each([
  ['uaua', 4, 'uaua'],
  ['uauau', 4, 'uau'],
  ['uauau', 3, 'uau'],
  ['uauau', 2, 'u'],
  ['uauau', 1, 'u'],
  // A question that was not answered is a turn.
  ['uaauuu', 3, 'uuu'],
  ['uaauuu', 5, 'uuu'],
  // What stands before the first message of the thread is no cut turn.
  ['wau', 3, 'wau'],
  ['wau', 2, 'u'],
  // Of the turn that is being answered nothing may go: it has to be read whole.
  ['uauaaaa', 3, undefined],
  ['aaaa', 3, undefined],
  ['', 3, ''],
])('of %s the newest %i are %s', (items, limit, expected) => {
  expect(window(items, limit)).toBe(expected);
});
