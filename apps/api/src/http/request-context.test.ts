import { expect, it } from 'vitest';
import { requestContext } from './request-context.js';

const auth = { tenantId: 'acme', userId: 'ada', requestId: 'req_1' };

it('hands on the language and the listed headers, and nothing else', () => {
  const headers = {
    'accept-language': 'de',
    authorization: 'Bearer secret',
    cookie: 'session=1',
    'x-page': '/invoices/7',
    'x-many': ['a', 'b'],
  };
  expect(requestContext(auth, headers, ['X-Page', 'x-many', 'x-absent'])).toEqual({
    requestId: 'req_1',
    locale: 'de',
    headers: { 'x-page': '/invoices/7' },
  });
});

it('has no headers when none are listed', () => {
  expect(requestContext(auth, { 'x-page': '/' }, []).headers).toBeUndefined();
});
