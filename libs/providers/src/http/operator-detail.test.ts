import { expect, it } from 'vitest';
import { operatorDetail } from './operator-detail.js';

it.each([
  ['a JSON Web Token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl-_'],
  ["Google's", 'ya29.a0AfH6SMBx-_abcdefgh'],
  ["AWS's, for a session", `IQoJb3JpZ2luX2VjEJr+/${'aB3/'.repeat(80)}==`],
  ["AWS's, as it began before", `FwoGZXIvYXdzEJr+/${'aB3/'.repeat(80)}==`],
])('takes a token out that nobody knew: %s', (_, token) => {
  const said = `canonical request: host:x\nx-amz-security-token:${token}\n\nhost;x-amz-security-token`;
  expect(operatorDetail(said, [])).toBe(
    'canonical request: host:x\nx-amz-security-token:[token]\n\nhost;x-amz-security-token',
  );
});

it('leaves words that only begin like one', () => {
  expect(operatorDetail('IQoJ is no token, nor is eyJ or ya29.', [])).toBe('IQoJ is no token, nor is eyJ or ya29.');
});
