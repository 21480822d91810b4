import { expect, it } from 'vitest';
import { requestContext } from './request-context.js';

const auth = { tenantId: 'acme', userId: 'ada', roles: [], requestId: 'req_1' };
const settings = (...contextHeaders: string[]) => ({ contextHeaders, isSingleUser: false });

it('contains the language and the allowed headers, and nothing else', () => {
  const headers = {
    'accept-language': 'de',
    authorization: 'Bearer secret',
    cookie: 'session=1',
    'x-page': '/invoices/7',
    'x-many': ['a', 'b'],
  };
  expect(requestContext(auth, { headers }, settings('X-Page', 'x-many', 'x-absent'))).toEqual({
    requestId: 'req_1',
    locale: 'de',
    headers: { 'x-page': '/invoices/7' },
  });
});

it('has no headers if none are allowed', () => {
  expect(requestContext(auth, { headers: { 'x-page': '/' } }, settings()).headers).toBeUndefined();
});

it('says that causes may be shown only where nobody is asked who they are', () => {
  expect(requestContext(auth, { headers: {} }, settings())).not.toHaveProperty('showCauses');
  expect(requestContext(auth, { headers: {} }, { ...settings(), isSingleUser: true }).showCauses).toBe(true);
});
