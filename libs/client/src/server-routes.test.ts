import { expect, it } from 'vitest';
import { aFetchFor, storageOf } from './testing/a-fetch.js';
import { FakeRelay } from './testing/fake-relay.js';
import { besideChat, isServerRoute } from './server-routes.js';

it.each([
  ['https://chat.example.com/chatkit', 'https://chat.example.com/config'],
  ['https://chat.example.com/chatkit/?assistant=x#y', 'https://chat.example.com/config'],
  ['https://example.com/relay/chatkit', 'https://example.com/relay/config'],
  ['/chatkit', 'http://relay.invalid/config'],
])('what is beside %s', (chat, config) => {
  expect(besideChat(chat, 'config')).toBe(config);
});

it.each([
  ['/chatkit', '/files', true],
  ['/chatkit', '/files/atc_1?signature=x', true],
  ['/chatkit', '/models', true],
  ['/chatkit', '/config', true],
  ['/chatkit', '/configuration', false],
  ['/chatkit', '/chatkit/threads?q=x', true],
  ['/chatkit', '/filesystem', false],
  ['/chatkit', '/api/files', false],
  ['/chatkit', 'https://store.example.com/files', false],
  ['https://example.com/relay/chatkit?assistant=x', 'https://example.com/relay/files', true],
  ['https://example.com/relay/chatkit', 'https://example.com/files', false],
])('beside %s: is %s one of its routes', (chat, url, expected) => {
  expect(isServerRoute(chat, url)).toBe(expected);
});

it('uploads to the server carry the credentials, and no others do', async () => {
  const relay = new FakeRelay([]);
  const chatFetch = aFetchFor(relay, new Map(), {
    url: 'http://relay.test/chatkit',
    headers: { authorization: 'me' },
    credentials: 'include',
    storage: storageOf(new Map()),
  });
  const file = { method: 'POST', body: new Uint8Array(2), headers: { 'content-type': 'image/png' } };
  const addresses = ['http://relay.test/files', 'http://store.test/files', 'http://relay.test/api/users'];
  for (const address of addresses) {
    relay.next.push(new Response(''), new Response(''));
    await chatFetch(address, file);
    await chatFetch(new Request(address, file));
  }
  const seen = relay.received.map(({ headers, credentials }) => [headers.get('authorization'), credentials]);
  expect(seen).toEqual([...[0, 1].map(() => ['me', 'include']), ...[2, 3, 4, 5].map(() => [null, 'same-origin'])]);
  expect(new Set(relay.received.map(({ headers }) => headers.get('content-type')))).toEqual(new Set(['image/png']));
  // Another server's CORS, or a signature, may not allow it.
  const marked = relay.received.map(({ headers }) => headers.has('chatkit-relay-client'));
  expect(marked).toEqual([true, true, false, false, false, false]);
});
