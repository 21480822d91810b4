import { expect, it } from 'vitest';
import type { Run } from '#runtime';
import { runSummary } from './run-summary.js';

const failed: Run = {
  id: 'run_1',
  tenantId: 'acme',
  ownerId: 'ada',
  threadId: 'thr_1',
  state: 'failed',
  trigger: 'threads.create',
  triggerItemId: 'msg_1',
  assistantId: 'default',
  attempt: 1,
  fence: 1,
  dispatch: 1,
  workerId: 'wrk_1',
  errorCode: 'provider.bad_key',
  errorDetail: 'The key was refused.',
  userError: null,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  settledAt: new Date('2026-01-01T00:00:01Z'),
};

it('a failed run has an error code, and its cause on a single-user server only', () => {
  expect(runSummary(failed, false)).toEqual({
    id: 'run_1',
    thread_id: 'thr_1',
    state: 'failed',
    trigger: 'threads.create',
    trigger_item_id: 'msg_1',
    created_at: '2026-01-01T00:00:00.000Z',
    settled_at: '2026-01-01T00:00:01.000Z',
    error: { code: 'provider.bad_key', allow_retry: true },
  });
  expect(runSummary(failed, true).error).toEqual({
    code: 'provider.bad_key',
    allow_retry: true,
    cause: 'The key was refused.',
    fix: expect.stringMatching(/^Set a valid API key/) as string,
  });
});

it('says what the stream of a failed run has said to the user', () => {
  const busy: Run = { ...failed, errorCode: 'provider.rate_limited' };
  expect(runSummary(busy, false).error).toMatchObject({ message: expect.stringContaining('busy') as string });
  const userError = { type: 'error', code: 'custom', message: 'Out of credit', allow_retry: false } as const;
  expect(runSummary({ ...busy, userError }, false).error).toMatchObject({
    message: 'Out of credit',
    allow_retry: false,
  });
});

it('shows what the entry of the provider keeps of its answer', () => {
  expect(runSummary({ ...failed, extra: { model: 'm-7' } }, false)).toMatchObject({ extra: { model: 'm-7' } });
});

it('absent values are left out', () => {
  const run: Run = {
    ...failed,
    state: 'queued',
    triggerItemId: null,
    errorCode: null,
    errorDetail: null,
    settledAt: null,
  };
  expect(JSON.parse(JSON.stringify(runSummary(run, true)))).toEqual({
    id: 'run_1',
    thread_id: 'thr_1',
    state: 'queued',
    trigger: 'threads.create',
    created_at: '2026-01-01T00:00:00.000Z',
  });
});
