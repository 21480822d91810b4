import { describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import type { ModelCall } from '../../../spec/language-model.js';
import { startLocalServer } from '../../../testing/local-server.js';
import { noAbort, say } from '../../../testing/prompts.js';
import { failureOf } from '../../../testing/failure-of.js';

type HttpInput = Extract<ProviderConfigInput, { kind: 'http' }>;

const MINIMAL = {
  kind: 'http',
  id: 'house',
  baseUrl: 'http://127.0.0.1:1',
  request: { body: { q: '{{lastUserMessage}}' } },
  response: { text: 'text' },
} satisfies HttpInput;

function providerOf(more: Partial<HttpInput>) {
  return createProviders([{ ...MINIMAL, ...more }])[0]!;
}

/** What a server gets for a call. */
async function sent(more: Partial<HttpInput>, call: ModelCall = say('hi'), model = 'm') {
  const server = await startLocalServer((response) => void response.end('{"text":"ok"}'));
  const provider = providerOf({ ...more, baseUrl: server.url });
  try {
    const { warnings } = await generate(provider.model(model), call, noAbort());
    return { ...server.requests[0]!, warnings };
  } finally {
    await server.close();
  }
}

describe('a request', () => {
  it('has the method, path and query that are declared', async () => {
    const request: HttpInput['request'] = {
      method: 'GET',
      path: '/v1/{{model}}?plain=1',
      query: { q: '{{lastUserMessage}}', tag: ['a', '{{settings.seed}}'], none: '{{settings.topP}}' },
    };
    const { method, path, body } = await sent({ request }, { ...say('a&b'), settings: { seed: 0 } }, 'org/x y');
    expect({ method, path, body }).toEqual({
      method: 'GET',
      path: '/v1/org%2Fx%20y?plain=1&q=a%26b&tag=a&tag=0',
      body: {},
    });
  });

  it('is sent whatever stands in names: line ends, other scripts, half a character', async () => {
    const request: HttpInput['request'] = {
      path: '/m/{{caller.userId}}',
      headers: { 'X-User': '{{caller.userId}}' },
      body: '{{prompt}}',
    };
    const caller = { tenantId: 'acme', userId: 'å\r\nX-Admin: 1 \ud83d' };
    const { path, headers } = await sent({ request }, { ...say('hi'), caller });
    expect(path).toBe('/m/%C3%A5%0D%0AX-Admin%3A%201%20%EF%BF%BD');
    expect(headers).toMatchObject({ 'x-user': '%C3%A5%0D%0AX-Admin: 1 %EF%BF%BD' });
    expect(headers).not.toHaveProperty('x-admin');
  });

  it.each(['.', '..'])('does not leave its path for the model %j', async (model) => {
    const provider = providerOf({ request: { path: '/a/{{model}}/chat', body: '{{prompt}}' } });
    const error = await failureOf(generate(provider.model(model), say('hi'), noAbort()));
    expect(error.code).toBe('bad_request');
  });

  it('has the headers of the entry, and those that are declared for it', async () => {
    const { headers } = await sent(
      {
        apiKey: 'key-1',
        headers: { 'X-API-Key': 'k', 'X-User': 'nobody' },
        request: {
          headers: { 'X-User': '{{caller.userId}}', 'X-Run': '{{caller.runId}}', 'X-Model': 'by {{model}}' },
          body: '{{prompt}}',
        },
      },
      { ...say('hi'), caller: { tenantId: 't', userId: 'Zoë 东\n' } },
    );
    expect(headers).toMatchObject({
      authorization: 'Bearer key-1',
      accept: 'application/json',
      'x-api-key': 'k',
      'x-user': 'Zo%C3%AB %E4%B8%9C%0A',
      'x-model': 'by m',
    });
    expect(headers).not.toHaveProperty('x-run');
  });

  it('asks for what the entry wants to be asked for', async () => {
    expect((await sent({ headers: { Accept: 'application/vnd.house+json' } })).headers.accept).toBe(
      'application/vnd.house+json',
    );
  });

  it('takes options of the call beside the template, which wins', async () => {
    const { body } = await sent(
      {},
      { ...say('hi'), providerOptions: { house: { q: 'other', extra: 1 }, x: { y: 1 } } },
    );
    expect(body).toEqual({ q: 'hi', extra: 1 });
  });

  it('says what it has no place for', async () => {
    const image = { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.png' } } as const;
    const { warnings } = await sent(
      { request: { body: { q: '{{lastUserMessage}}', t: '{{settings.temperature}}' } } },
      {
        prompt: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'a' }, image] },
        ],
        settings: { temperature: 1, topP: 0.5, seed: undefined },
        tools: [{ name: 'f', parameters: {} }],
      },
    );
    expect(warnings.map((one) => ('setting' in one ? one.setting : one.detail))).toEqual([
      'The chosen model cannot see pictures.',
      'topP',
      'tools',
      'the request that is declared has no place for standing instructions',
    ]);
  });

  it('says nothing where all has a place', async () => {
    const body = {
      s: '{{settings}}',
      tools: '{{tools}}',
      m: {
        $each: 'messages',
        $item: { t: '{{item.text}}', i: { $each: 'item.images', $as: 'i', $item: '{{i.url}}' } },
      },
    };
    const image = { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.png' } } as const;
    const { warnings, body: got } = await sent(
      { request: { body } },
      {
        prompt: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [image] },
        ],
        settings: { topP: 0.5 },
        tools: [{ name: 'f', parameters: {} }],
      },
    );
    expect(warnings).toEqual([]);
    expect(got['m']).toEqual([
      { t: 'Be brief.', i: [] },
      { t: '', i: ['https://x/y.png'] },
    ]);
  });
});
