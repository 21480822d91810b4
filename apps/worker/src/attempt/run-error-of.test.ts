import { expect, it } from 'vitest';
import { bugStack, runErrorOf } from './run-error-of.js';

it.each([
  ['an object that has no text', Object.create(null), 'something that has no text'],
  ['an error whose message is none', Object.assign(new Error(), { message: 404 }), '404'],
  ['an error whose stack is a list', Object.assign(new Error('no'), { stack: [] }), 'no'],
])('%s has a detail that can be stored', (_, thrown: unknown, errorDetail) => {
  expect(runErrorOf(thrown)).toEqual({ errorCode: 'run.internal', errorDetail });
  expect(bugStack(thrown)).toBeUndefined();
});
