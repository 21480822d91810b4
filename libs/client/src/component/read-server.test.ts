import { expect, it } from 'vitest';
import { aFetchFor, storageOf } from '../testing/a-fetch.js';
import { FakeRelay } from '../testing/fake-relay.js';
import { readServer } from './read-server.js';

it('what a page asks the server about itself carries the credentials: a login in front of it guards that as well', async () => {
  const config = { uploadStrategy: { type: 'two_phase' }, attachments: { maxCount: 1, maxSize: 1, accept: {} } };
  const relay = new FakeRelay([]);
  relay.next.push(Response.json(config), Response.json({ models: [] }));
  const chatFetch = aFetchFor(relay, new Map(), {
    url: 'http://relay.test/chatkit',
    headers: { authorization: 'me' },
    credentials: 'include',
    storage: storageOf(new Map()),
  });
  await readServer(chatFetch, 'http://relay.test/chatkit');
  const seen = relay.received.map(({ path, headers, credentials }) => [
    path,
    headers.get('authorization'),
    credentials,
  ]);
  expect(seen).toEqual(['/config', '/models'].map((path) => [path, 'me', 'include']));
});
