import { describe, expect, it } from 'vitest';
import { RequestError } from '../protocol/request-error.js';
import { explain, errorText } from './error-text.js';

describe('the text for an error', () => {
  it.each([
    [new RequestError(0, 'Failed to fetch'), /cannot be reached/],
    [new RequestError(503, 'x'), /right now/],
    [new RequestError(422, 'There is no model "a".'), /^There is no model "a"\.$/],
    [new RequestError(404, 'a.txt is gone.', 'attachment.not_found'), /^a\.txt is gone\.$/],
    [new RequestError(422, ''), /on the server/],
    [new RequestError(500, 'stack at line 3'), /^Something went wrong on the server\.$/],
    [new TypeError('x is not a function'), /on this page/],
  ])('%s', (error, words) => {
    expect(errorText(error)).toMatch(words);
  });

  it('says to the operator alone what the server says', () => {
    const error = new RequestError(503, 'The queue does not answer. Start Redis.');
    expect(explain(error, false)).toBe(errorText(error));
    expect(explain(error, true)).toBe(`${errorText(error)} Cause: The queue does not answer. Start Redis.`);
    const told = new RequestError(422, 'There is no model "a".');
    expect(explain(told, true)).toBe('There is no model "a".');
  });
});
