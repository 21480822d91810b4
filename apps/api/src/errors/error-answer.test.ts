import { expect, it } from 'vitest';
import { ReaderError } from '#media';
import { errorAnswer } from './error-answer.js';

it('a file whose reader failed may be sent again; what is unforeseen may not', () => {
  const { status, code } = errorAnswer(new ReaderError('not started'));
  expect([status, code]).toEqual([503, 'service.unavailable']);
  expect(errorAnswer(new Error('?')).status).toBe(500);
});
