import { expect, it } from 'vitest';
import type { Kind } from './adapters/kind.js';
import { nameOf } from './adapters/kind.js';
import { KINDS } from './adapters/kinds.js';
import { ProviderConfig } from './provider-config.js';

const http = { baseUrl: 'http://127.0.0.1:1', defaultModel: 'm' };

/** What a kind needs besides its name. */
const NEEDS: Readonly<Record<string, object>> = {
  'azure-openai': { endpoint: 'https://example.openai.azure.com', apiKey: 'k' },
  'openai-compatible': { id: 'own', ...http },
  gateway: http,
  bedrock: { region: 'us-east-1', apiKey: 'k' },
  vertex: { region: 'us-east5', projectId: 'p', accessToken: 't' },
  http: {
    id: 'h',
    baseUrl: http.baseUrl,
    request: { path: '/a', body: { q: '{{prompt}}' } },
    response: { stream: 'text' },
  },
  graphql: {
    id: 'g',
    baseUrl: http.baseUrl,
    query: 'query Q($q: String) { a(q: $q) }',
    variables: { q: '{{prompt}}' },
    response: { text: 'a' },
  },
  websocket: {
    id: 'w',
    url: 'ws://127.0.0.1:1',
    request: { q: '{{prompt}}' },
    response: { kinds: { done: { path: 'end' } }, text: 'a' },
  },
  module: { id: 'm', module: './own.js' },
};

// The entries of a config file are parsed when it is read, and again when their providers are made.
it.each(KINDS.map((kind: Kind) => nameOf(kind)))(
  'an entry of kind %s that was parsed is an entry, and the same',
  (kind) => {
    const parsed = ProviderConfig.parse({ kind, ...NEEDS[kind] });
    expect(ProviderConfig.parse(parsed)).toEqual(parsed);
  },
);
