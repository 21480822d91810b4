import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import type { Provider } from '../../../spec/provider.js';
import { type LocalServer, startLocalServer } from '../../../testing/local-server.js';
import { noAbort, say } from '../../../testing/prompts.js';
import { failureOf } from '../../../testing/failure-of.js';
import { streamsOverHttp } from '../../../testing/transport-faults.js';

type HttpInput = Extract<ProviderConfigInput, { kind: 'http' }>;

const MINIMAL = {
  kind: 'http',
  id: 'house',
  baseUrl: 'http://127.0.0.1:1',
  request: { body: { q: '{{lastUserMessage}}' } },
  response: { text: 'text' },
} satisfies HttpInput;

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serve(...answer: Parameters<typeof startLocalServer>): Promise<LocalServer> {
  const server = await startLocalServer(...answer);
  servers.push(server);
  return server;
}

function providerOf(more: Partial<HttpInput>): Provider {
  return createProviders([{ ...MINIMAL, ...more }])[0]!;
}

/** What comes of an answer of a server. */
async function failed(more: Partial<HttpInput>, status: number, body: string, type = 'application/json') {
  const server = await serve((response) => void response.writeHead(status, { 'content-type': type }).end(body));
  return failureOf(generate(providerOf({ ...more, baseUrl: server.url }).model('m'), say('hi'), noAbort()));
}

const frame = (json: object) => JSON.stringify(json);
const ends = [{ t: 'Hello ' }, { t: 'wörld' }, { end: 'stop' }].map(frame);
const streams = [
  { stream: 'sse', contentType: 'text/event-stream', frames: ends.map((data) => `data: ${data}\n\n`) },
  { stream: 'ndjson', contentType: 'application/json', frames: ends.map((data) => `${data}\n`) },
  { stream: 'delimiter', contentType: 'text/plain', frames: ends.map((data) => `${data}\n\u001e`) },
] as const;
for (const { stream, contentType, frames } of streams) {
  streamsOverHttp(`http by ${stream}`, {
    contentType,
    frames,
    modelAt: (baseUrl) => {
      const delimiter = stream === 'delimiter' ? { delimiter: '\u001e' } : {};
      return providerOf({ baseUrl, response: { stream, ...delimiter, text: 't', finish: 'end' } }).model('m');
    },
  });
}

describe('what its models can do', () => {
  it.each<[Partial<HttpInput>, string[]]>([
    [{}, ['chat', 'generate']],
    [{ response: { stream: 'sse', text: 't' } }, ['chat', 'generate', 'stream']],
    [
      {
        request: { body: { m: '{{prompt}}', t: '{{tools}}' } },
        response: { text: 't', toolCalls: { list: 'c', name: 'n', arguments: 'a' } },
      },
      ['chat', 'generate', 'tools'],
    ],
    [
      { request: { body: { $each: 'messages', $item: [{ $each: 'item.images', $as: 'i', $item: '{{i.url}}' }] } } },
      ['chat', 'generate', 'vision'],
    ],
    [{ capabilities: ['chat', 'json'] }, ['chat', 'json']],
  ])('%j', (more, capabilities) => {
    expect([...providerOf(more).capabilities]).toEqual(capabilities);
  });
});

describe('a failure', () => {
  const response = { text: 'text', error: 'fault', errorCode: 'fault.code', errorMessage: 'fault.text' } as const;

  it.each<[string, number, object, HttpInput['response']['errors'], string]>([
    ['by its status', 503, {}, {}, 'unavailable'],
    ['by a word of the operator', 400, { fault: { code: 'QUOTA' } }, { QUOTA: 'no_access' }, 'no_access'],
    ['by its status, as the operator says', 503, {}, { '503': 'overloaded' }, 'overloaded'],
    ['with status 200', 200, { fault: { code: 'QUOTA' }, text: 'no' }, { QUOTA: 'no_access' }, 'no_access'],
    ['by the body that many send', 400, { error: { code: 'context_length_exceeded' } }, {}, 'context_too_long'],
  ])('is understood %s', async (_, status, body, errors, code) => {
    const error = await failed({ response: { ...response, errors } }, status, JSON.stringify(body));
    expect(error.code).toBe(code);
  });

  it('tells the words of the API, without the secrets', async () => {
    const request = { query: { api_key: 'secret-of-query' }, body: '{{prompt}}' };
    const body = JSON.stringify({ fault: { code: 'E7', text: 'secret-of-query is not secret-of-header' } });
    const error = await failed({ response, request, headers: { 'X-Key': 'secret-of-header' } }, 401, body);
    expect(error.detail).toBe('HTTP 401 E7 [secret] is not [secret]');
  });

  it('is a page of somebody, and an answer of another API', async () => {
    expect((await failed({}, 200, '<html>', 'text/html')).code).toBe('malformed_response');
    expect((await failed({}, 200, 'OK', 'text/plain')).code).toBe('malformed_response');
    const other = await failed({}, 200, '{"output":{"words":"x"}}');
    expect([other.code, other.detail]).toEqual(['malformed_response', 'there is no text at text; seen: output.words']);
  });

  it('is a frame of a stream that is an error event', async () => {
    const error = await failed(
      { response: { ...response, stream: 'sse', errors: { SLOW: 'rate_limited' } } },
      200,
      'data: {"text":"a"}\n\nevent: error\ndata: {"fault":{"code":"SLOW"}}\n\n',
      'text/event-stream',
    );
    expect(error.code).toBe('rate_limited');
  });

  it('is a stream of nothing but bad lines', async () => {
    const error = await failed({ response: { text: 't', stream: 'ndjson' } }, 200, 'who\nare\nyou\n', 'text/plain');
    expect([error.code, error.detail]).toEqual(['malformed_response', expect.stringContaining('none of 3 frames')]);
  });
});

describe('a stream with bad lines', () => {
  it('goes on, and counts them', async () => {
    const body = '{"t":"a"}\noops\n{"t":"b"}\n{"t":';
    const server = await serve((response) => void response.end(body));
    const model = providerOf({ baseUrl: server.url, response: { text: 't', stream: 'ndjson' } }).model('m');
    expect(await generate(model, say('hi'), noAbort())).toMatchObject({
      text: 'ab',
      warnings: [{ code: 'unknown_frames', count: 2 }],
    });
  });
});

describe('models', () => {
  it('are what stands at the path, or a failure that names the keys', async () => {
    const server = await serve((response) => void response.end('{"models":[{"key":"a"},{"key":"b"}]}'));
    const listed = (ids: string) => providerOf({ baseUrl: server.url, modelList: { path: '/models', ids } });
    expect(await listed('models[*].key').listModels(noAbort())).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/models' });
    const error = await failureOf(listed('data[*].id').listModels(noAbort()));
    expect([error.code, String(error.cause)]).toEqual(['malformed_response', expect.stringContaining('models[].key')]);
  });

  it('are those of the entry where the API lists none, and others may be refused', async () => {
    const provider = providerOf({ models: ['a', 'b'], defaultModel: 'a', onlyListed: true });
    expect(await provider.listModels(noAbort())).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(() => provider.model('c')).toThrow('model_unknown');
  });
});

it('is well when the declared path answers', async () => {
  const server = await serve((response, { path }) => void response.writeHead(path === '/up' ? 200 : 500).end());
  const health = (path: string) => providerOf({ baseUrl: server.url, health: { path } }).healthCheck(noAbort());
  expect(await health('/up')).toMatchObject({ ok: true });
  expect(await health('/down')).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});
