import { expect, it } from 'vitest';
import { HookRefusal, ProviderError } from '#providers';
import { AnswerInterruptedError, UnsupportedError } from './completion-errors.js';
import { completionFailure } from './completion-failure.js';

const ref = { provider: 'p', model: 'm' };

it('stores the cause on the row, and shows the caller what concerns them', () => {
  const { outcome, reply } = completionFailure(new ProviderError('bad_key', { ref, detail: 'HTTP 401' }), false);
  expect(outcome).toMatchObject({
    state: 'failed',
    errorCode: 'provider.bad_key',
    errorDetail: expect.stringContaining('HTTP 401') as string,
  });
  expect(reply).toMatchObject({ status: 502 });
  expect(reply.message).not.toContain('401');
});

it('passes on how long to wait, in whole seconds', () => {
  const waits = [1, 1_001, 0].map(
    (retryAfterMs) =>
      completionFailure(new ProviderError('rate_limited', { ref, detail: '', retryAfterMs }), false).reply,
  );
  expect(waits.map(({ retryAfterSeconds }) => retryAfterSeconds)).toEqual([1, 2, 1]);
});

it('has the message of a hook, for the row as well', () => {
  const { outcome, reply } = completionFailure(new HookRefusal('Not today.', { status: 451, code: 'sunday' }), false);
  expect(reply).toMatchObject({ status: 451, code: 'sunday', message: 'Not today.', type: 'invalid_request_error' });
  expect(outcome).toMatchObject({ errorCode: 'run.refused', userError: { message: 'Not today.' } });
});

it('names the field that the model does not support', () => {
  const { reply } = completionFailure(new UnsupportedError('response_format', 'No JSON.'), true);
  expect(reply).toMatchObject({
    status: 400,
    code: 'unsupported_parameter',
    param: 'response_format',
    message: 'No JSON.',
  });
});

it('knows an interrupted answer, and unforeseen errors', () => {
  expect(completionFailure(new AnswerInterruptedError(), false).outcome.errorCode).toBe('run.interrupted');
  expect(completionFailure(new TypeError('x is undefined'), false)).toMatchObject({
    outcome: { errorCode: 'run.internal', errorDetail: 'x is undefined' },
    reply: { status: 500, message: 'Something went wrong on the server.' },
  });
});
