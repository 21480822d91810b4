import { expect, it as plain } from 'vitest';
import { it } from './own.js';

const stopped: string[] = [];
const started = (name: string) => ({ name, stop: async () => void stopped.push(name) });

it('gives back what it takes over', ({ own }) => {
  expect(own(started('first')).name).toBe('first');
  expect(own(started('second')).name).toBe('second');
});

plain('stops it after the test, the last one first', () => {
  expect(stopped).toEqual(['second', 'first']);
});

it.fails('fails the test when something does not stop', ({ own }) => {
  own({ stop: () => Promise.reject(new Error('still there')) });
});
