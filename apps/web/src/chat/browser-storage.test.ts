import { expect, it } from 'vitest';
import { browserStorage } from './browser-storage.js';
import { Memory } from './memory.js';
import { areaOf } from './testing.js';

it('is what the browser has', () => {
  const values: Record<string, string> = {};
  new Memory(browserStorage(() => areaOf(values))).model = 'large';
  expect(Object.values(values)).toEqual(['large']);
});

it.each<[string, () => null]>([
  [
    'throws',
    () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    },
  ],
  ['is null', () => null],
])('remembers until the page is left where the property %s', (_, read) => {
  const memory = new Memory(browserStorage(read));
  expect(memory.threadId).toBeUndefined();
  memory.threadId = 'thr_1';
  expect(memory.threadId).toBe('thr_1');
  memory.threadId = undefined;
  expect(memory.threadId).toBeUndefined();
});
