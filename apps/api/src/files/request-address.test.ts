import { expect, it } from 'vitest';
import { addressOf } from './request-address.js';

const request = (host: string, protocol = 'http') =>
  ({ headers: { host: '127.0.0.1:8000' }, host, protocol }) as Parameters<ReturnType<typeof addressOf>>[0];

it.each([
  [request('chat.example.com:8443', 'https'), 'https://chat.example.com:8443'],
  [request('[fd00::1]:80'), 'http://[fd00::1]:80'],
  [request('chat.example.com/"><script>', 'https'), 'https://127.0.0.1:8000'],
  [request('a b', 'javascript'), 'http://127.0.0.1:8000'],
])('is what the proxy says, if that is an address', (asked, address) => {
  expect(addressOf(undefined)(asked)).toBe(address);
});

it('is the configured one before all', () => {
  expect(addressOf('https://chat.example.com/relay//')(request('other.example'))).toBe(
    'https://chat.example.com/relay',
  );
});

it.each([
  ['127.0.0.1', 'http://127.0.0.1:8000'],
  ['::1', 'http://[::1]:8000'],
])('is the one that was connected to (%s), where HTTP/1.0 names none', (localAddress, address) => {
  const unnamed = { headers: {}, host: '', protocol: 'http', socket: { localAddress, localPort: 8000 } };
  expect(addressOf(undefined)(unnamed as Parameters<ReturnType<typeof addressOf>>[0])).toBe(address);
});
