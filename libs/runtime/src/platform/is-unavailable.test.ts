import { expect, it } from 'vitest';
import { isUnavailable } from './is-unavailable.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

it.each([
  withCode('ECONNREFUSED'),
  withCode('57P03'),
  withCode('P1001'),
  new Error('timeout exceeded when trying to connect'),
  new Error('outer', { cause: withCode('ECONNRESET') }),
])('%s is an engine that is away', (error) => expect(isUnavailable(error)).toBe(true));

it.each([withCode('23505'), new Error('syntax error'), 'ECONNREFUSED', undefined])('%s is not', (error) =>
  expect(isUnavailable(error)).toBe(false),
);
