import { expect, it } from 'vitest';
import { createProviders } from '../../../config.js';
import { providersOf } from '../../../config-file-providers.js';
import { toldIssues } from '../../../testing/told-issues.js';

const ENTRY = {
  kind: 'websocket',
  id: 'mine',
  url: 'wss://x/chat',
  request: { ask: '{{prompt}}', id: '{{requestId}}' },
  response: { type: 'type', kinds: { done: 'end' }, text: 'text', id: 'id' },
};

it('is a config of which a provider can be made', () => {
  const { configs, issues } = providersOf([ENTRY], {});
  expect(issues).toEqual([]);
  const [provider] = createProviders(configs);
  expect([provider?.id, provider?.name, provider?.defaultModel]).toEqual(['mine', 'mine', 'default']);
  expect([...(provider?.capabilities ?? [])]).toEqual(['chat', 'generate', 'stream']);
});

it.each<[string, object, string]>([
  ['a URL of another kind', { url: 'https://x' }, 'url: must be a ws(s) URL'],
  [
    'an unknown variable in the URL',
    { url: 'wss://x/{{model}}' },
    'url: there is no variable "model"; there are apiKey',
  ],
  ['one in a header', { headers: { a: '{{kee}}' } }, 'headers.a: there is no variable "kee"'],
  ['one in the query', { query: { a: '{{requestId}}' } }, 'query.a: there is no variable "requestId"'],
  [
    'one in the auth message',
    { auth: { ready: 'ok', message: { k: '{{key}}' } } },
    'auth.message.k: there is no variable',
  ],
  ['one in the request', { request: ['{{prompt}}', '{{user}}'] }, 'request.1: there is no variable "user"'],
  ['one in the cancel message', { cancel: { id: '{{prompt}}' } }, 'cancel.id: there is no variable "prompt"'],
  [
    'a request that asks nothing',
    { request: { id: '{{requestId}}' } },
    'request: nothing in it says what the person asks',
  ],
  ['a key that is sent nowhere', { apiKey: 'k' }, 'apiKey: is sent nowhere: write {{apiKey}} in headers'],
  ['no end', { response: { ...ENTRY.response, kinds: {} } }, 'response.kinds.done: must be a value of type'],
  ['a path that is none', { response: { ...ENTRY.response, text: 'a..b' } }, 'response.text: '],
  [
    'a value of no type',
    { response: { ...ENTRY.response, type: undefined } },
    'response.kinds.done: needs a path, since the response has no type',
  ],
  [
    'a shared connection without ids in the request',
    { request: '{{prompt}}', connection: { mode: 'correlation' } },
    'request: needs {{requestId}}, since the connection is shared',
  ],
  [
    'a shared connection without ids in the response',
    { response: { ...ENTRY.response, id: undefined }, connection: { mode: 'correlation' } },
    'response.id: is needed, since the connection is shared (mode: correlation)',
  ],
  ['a mode that is none', { connection: { mode: 'single' } }, 'connection.mode: '],
])('finds %s', (_, wrong, problem) => {
  const { issues } = providersOf([{ ...ENTRY, ...wrong }], {});
  expect(toldIssues(issues)).toEqual([expect.stringContaining(`providers[0].${problem}`)]);
});
