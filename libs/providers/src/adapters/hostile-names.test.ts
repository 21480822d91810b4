import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../config.js';
import { ProviderError } from '../spec/provider-error.js';
import { type LocalServer, startLocalServer } from '../testing/local-server.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import type { Kind } from './kind.js';
import { nameOf } from './kind.js';
import { KINDS } from './kinds.js';
import { PRESETS } from './presets/presets.js';

const BASE = '/tenant/one';
/** Stands for a model in the path of a request. */
const PLAIN = 'plain-model';

const declared = (path: string) => ({
  kind: 'http',
  id: 'api',
  defaultModel: PLAIN,
  request: { path, body: { model: '{{model}}', text: '{{prompt}}' } },
  response: { text: 'text' },
});
const openAI = { apiKey: 'k', defaultModel: PLAIN };
const aws = { kind: 'bedrock', region: 'us-east-1', defaultModel: PLAIN };

/** Entries of each kind, without their address: all ways in which it writes requests. Null: it makes none by itself. */
const ENTRIES: Readonly<Record<string, readonly object[] | null>> = {
  openai: [
    { ...openAI, kind: 'openai', wire: 'chat' },
    { ...openAI, kind: 'openai', wire: 'responses' },
  ],
  'azure-openai': [
    { ...openAI, kind: 'azure-openai' },
    { ...openAI, kind: 'azure-openai', apiVersion: '2024-10-21' },
  ],
  anthropic: [{ kind: 'anthropic', apiKey: 'k' }],
  bedrock: [
    { ...aws, apiKey: 'k' },
    { ...aws, accessKeyId: 'a', secretAccessKey: 's' },
  ],
  vertex: [{ kind: 'vertex', projectId: 'my-project', region: 'europe-west1', accessToken: 't' }],
  cohere: [{ kind: 'cohere', apiKey: 'k' }],
  huggingface: ['chat', 'text-generation-inference', 'inference'].map((api) => ({
    ...openAI,
    kind: 'huggingface',
    api,
  })),
  ollama: [{ kind: 'ollama' }],
  'openai-compatible': [{ ...openAI, kind: 'openai-compatible', id: 'own' }],
  gateway: [{ ...openAI, kind: 'gateway' }],
  http: [declared('/models/{{model}}/chat'), declared('/chat?model={{model}}'), declared('/chat')],
  graphql: [
    {
      kind: 'graphql',
      id: 'graph',
      defaultModel: PLAIN,
      query: 'query Q($model: String!, $text: String!) { ask(model: $model, text: $text) }',
      variables: { model: '{{model}}', text: '{{prompt}}' },
      response: { text: 'data.ask' },
    },
  ],
  // Its URL is written before any model is asked.
  websocket: null,
  module: null,
  demo: null,
  ...Object.fromEntries(PRESETS.map(({ kind }) => [kind, [{ kind, apiKey: 'k' }]])),
};

const HOSTILE = [
  '..',
  '.',
  '../..',
  '../../two/models/x',
  'a/../../../two',
  '%2e%2e/%2e%2e/two',
  '.%2E/two',
  '%2e%2e%2f%2e%2e%2ftwo',
  '..%2ftwo',
  String.raw`..\..\two`,
  String.raw`a\..\..\two`,
  '//127.0.0.1:1/two',
  'http://127.0.0.1:1/two',
  '@127.0.0.1:1/two',
  ':1/two',
  'a?key=of-another',
  'a#/two',
  'a;b=c',
  'a b',
  '%00',
  'a%0d%0aX-Injected:%20yes',
  'a\r\nX-Injected: yes',
  'a\nb',
  'a\u0000b',
  '\t../two',
  '.\t./two',
  ' ../two',
  '',
  ' ',
  '\ud800',
  'x'.repeat(10_000),
  '../'.repeat(3_000),
];

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer((response) => void response.writeHead(400).end('{}'));
});
afterAll(() => server.close());

const entries = (KINDS as readonly Kind[]).flatMap((kind) => {
  const name = nameOf(kind);
  return (ENTRIES[name] ?? []).map((entry, index) => ({ name: `${name} ${index + 1}`, entry }));
});

interface Sent {
  readonly path: string;
  readonly headers: object;
}

/** What a call of this model sends; undefined when it is refused before it is sent. */
async function sentFor(entry: object, model: string): Promise<Sent | undefined> {
  const field = 'kind' in entry && entry.kind === 'azure-openai' ? 'endpoint' : 'baseUrl';
  const [provider] = createProviders([{ ...entry, [field]: server.url + BASE } as ProviderConfigInput]);
  const before = server.requests.length;
  const ask = async () => collect(provider!.model(model).stream(say('Hi'), noAbort()));
  const refusal = await ask().then(
    () => 'none',
    (error: unknown) => (error instanceof ProviderError ? error.code : String(error)),
  );
  const request = server.requests[before];
  if (request) return { path: request.path, headers: request.headers };
  if (refusal === 'model_unknown' || refusal === 'bad_request') return undefined;
  throw new Error(`${model} was neither sent nor refused: ${refusal}`);
}

describe('the name of a model', () => {
  it('is tried with every kind of provider', () => {
    expect(Object.keys(ENTRIES).toSorted()).toEqual((KINDS as readonly Kind[]).map(nameOf).toSorted());
  });

  it.each(entries)('is no path for $name', async ({ entry }) => {
    const plain = (await sentFor(entry, PLAIN))!.path;
    expect(plain.startsWith(BASE)).toBe(true);
    const [before = '', after = ''] = plain.split(PLAIN);
    for (const name of HOSTILE) {
      const sent = await sentFor(entry, name);
      if (!sent) continue;
      const { path } = sent;
      expect(sent.headers).not.toHaveProperty('x-injected');
      const inserted = path.slice(before.length, path.length - after.length);
      expect([name, path.startsWith(before), path.endsWith(after)]).toEqual([name, true, true]);
      expect([name, decodeURIComponent(inserted)]).toEqual([name, plain.includes(PLAIN) ? name : '']);
      expect(inserted).not.toMatch(/[?#\\]/);
      expect(path.split('?', 1)[0]).not.toMatch(/\/(\.|%2e){1,2}(\/|$)/i);
    }
  });
});
