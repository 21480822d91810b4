import { expect, it } from 'vitest';
import type { Message, ModelCall } from '#providers';
import { refuseTooLong } from './refuse-too-long.js';

const { signal } = new AbortController();
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const callOf = (...texts: string[]): ModelCall => ({ prompt: texts.map(user), settings: { maxTokens: 10 } });
const windowOf = (contextWindow?: number) => ({
  ref: { provider: 'p', model: 'm' },
  ...(contextWindow !== undefined && { contextWindow }),
});
const long = 'word '.repeat(200);

it('leaves a call alone that fits, or whose window is not known', async () => {
  const call = callOf('hi');
  expect(await refuseTooLong(windowOf(1_000), call, signal)).toBe(call);
  expect(await refuseTooLong(windowOf(), callOf(long, long), signal)).toEqual(callOf(long, long));
});

it.each([
  ['with its oldest messages', callOf(long, long, 'hi'), /without the oldest 2 they would/],
  ['whatever is left out', callOf(long), /tokens without any history/],
])('refuses one that does not fit %s', async (_, call, words) => {
  const refused = refuseTooLong(windowOf(100), call, signal);
  await expect(refused).rejects.toMatchObject({ code: 'context_too_long', detail: expect.stringMatching(words) });
});
