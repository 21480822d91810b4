import { expect, it, vi } from 'vitest';
import { type PolicyEvent, ProviderError } from '#providers';
import type { Logger } from '#runtime';
import { policyEventLogger } from './policy-event-logger.js';

const ref = { provider: 'p', model: 'm' };
const error = new ProviderError('overloaded', { ref, detail: 'HTTP 529' });
const cause = { ...ref, code: 'overloaded', detail: 'HTTP 529' };

it.each<[PolicyEvent, 'info' | 'warn', object]>([
  [{ type: 'retry', error, waitMs: 12.5 }, 'info', { ...cause, waitMs: 13 }],
  [
    { type: 'fallback', error, next: { provider: 'q', model: 'n' } },
    'warn',
    { ...cause, next: { provider: 'q', model: 'n' } },
  ],
  [{ type: 'breaker_opened', ref, error, openForMs: 5 }, 'warn', { ...cause, openForMs: 5 }],
  [{ type: 'breaker_closed', ref }, 'info', ref],
  [
    { type: 'key_set_aside', provider: 'p', key: 'abc', forMs: 7, error },
    'warn',
    { ...cause, keyHash: 'abc', forMs: 7 },
  ],
  [{ type: 'state_unreachable', error }, 'warn', { err: error }],
])('%j is one line for the operator', (event, level, facts) => {
  const logger = { info: vi.fn<Logger['info']>(), warn: vi.fn<Logger['warn']>() };
  policyEventLogger(logger)(event);
  expect(logger[level].mock.calls).toEqual([[facts, expect.any(String)]]);
  expect(logger.info.mock.calls.length + logger.warn.mock.calls.length).toBe(1);
});

it.each([
  ['bad_key', 'an API key was refused'],
  ['rate_limited', 'an API key has reached a limit'],
] as const)('a key that was set aside for %s: %s', (code, words) => {
  const logger = { info: vi.fn<Logger['info']>(), warn: vi.fn<Logger['warn']>() };
  const said = new ProviderError(code, { ref, detail: '' });
  policyEventLogger(logger)({ type: 'key_set_aside', provider: 'p', key: 'abc', forMs: 7, error: said });
  expect(logger.warn.mock.calls[0]?.[1]).toContain(words);
});
