import { expect, it } from 'vitest';
import type { Message } from '#providers';
import { loggableMessage, loggableText } from './loggable-text.js';

const SECRET = 'my salary is 4200 a month';
const said: readonly Message[] = [{ role: 'user', content: [{ type: 'text', text: `Remember: ${SECRET}.` }] }];

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

it('what an error quotes of the conversation is left out', () => {
  expect(loggableText(new TypeError(`no rule for "${SECRET}"`), said)).toBe('TypeError: no rule for "[content]"');
  expect(loggableMessage(new Error(`no rule for "${SECRET}"`), said)).toBe('no rule for "[content]"');
});

it.each([
  ['a short text', SECRET],
  ['its beginning', `${SECRET} and ${'so on '.repeat(20)}`],
  ['its middle', `[${'1, '.repeat(30)}${SECRET} ${'so on '.repeat(20)}`],
  ['a text of two lines', `no\n"${SECRET}"`],
])('what JSON.parse quotes of its input is left out: %s', (_, input) => {
  const text = loggableText(
    thrownBy(() => JSON.parse(input)),
    [],
  );
  expect(text).toMatch(/^SyntaxError: .*\[content\] is not valid JSON$/);
  expect(text).not.toMatch(/salary|so on/);
});
