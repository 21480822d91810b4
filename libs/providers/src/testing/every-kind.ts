import { type Kind, nameOf } from '../adapters/kind.js';
import { KINDS } from '../adapters/kinds.js';
import type { ProviderConfigInput } from '../provider-config.js';

const http = { baseUrl: 'http://127.0.0.1:1', defaultModel: 'm' };

/** What a kind needs besides its name. */
const NEEDS: Readonly<Record<string, object>> = {
  'azure-openai': { endpoint: 'https://example.openai.azure.com' },
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

/** A short entry of each kind, presets included, without a key wherever an entry may be without one. */
export const EVERY_KIND: readonly ProviderConfigInput[] = KINDS.map((kind: Kind) => {
  const name = nameOf(kind);
  return { kind: name, ...NEEDS[name] } as ProviderConfigInput;
});
