import { describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import type { Provider } from '../../../spec/provider.js';
import { useLocalServers } from '../../../testing/use-local-servers.js';
import { collect, noAbort, say } from '../../../testing/prompts.js';
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

const serve = useLocalServers();

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

describe('frames of plain text', () => {
  const at = async (body: string, response: HttpInput['response'], type = 'text/plain') => {
    const server = await serve((answer) => void answer.writeHead(200, { 'content-type': type }).end(body));
    return generate(providerOf({ baseUrl: server.url, response }).model('m'), say('hi'), noAbort());
  };
  const between: HttpInput['response'] = { stream: 'delimiter', delimiter: '|||', text: 'text' };
  const events: HttpInput['response'] = { stream: 'sse', text: 'text' };

  it.each<[string, string, HttpInput['response'], string]>([
    ['between delimiters, blanks included', 'Hello |||from a||| |||stream', between, 'Hello from a stream'],
    ['between delimiters, with a byte order mark', '\uFEFFHello|||, you', between, 'Hello, you'],
    ['as the only piece', 'Hello', between, 'Hello'],
    ['of numbers and words of JSON', '42|||true|||null', between, '42truenull'],
    ['that end where it is declared', 'Hel|||lo|||\nEND\n|||more', { ...between, done: 'END' }, 'Hello'],
    ['in events', 'data: Hel\n\ndata: lo \n\ndata: you\n\ndata: [DONE]\n\n', events, 'Hello you'],
    ['in events of JSON strings', 'data: "Hel"\n\ndata: "lo\\n"\n\n', events, 'Hello\n'],
    ['that look like JSON', 'data: {"a":\n\ndata: 1}\n\n', { stream: 'sse', frames: 'text' }, '{"a":1}'],
    ['as a body of one JSON string', '"Hello"', { text: 'text' }, 'Hello'],
  ])('are the answer %s', async (_, body, response, text) => {
    expect((await at(body, response)).text).toBe(text);
  });

  it('are a greeting where one comes before JSON', async () => {
    const result = await at('hello|||{"text":"a"}|||{"text":"b"}', between);
    expect(result).toMatchObject({ text: 'ab', warnings: [{ code: 'unknown_frames', count: 1 }] });
  });

  it('stream', async () => {
    const finished = new AbortController();
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).write('Hel|||lo |||');
      finished.signal.addEventListener('abort', () => response.end('you'));
    });
    const model = providerOf({ baseUrl: server.url, response: between }).model('m');
    const texts: string[] = [];
    for await (const part of model.stream(say('hi'), noAbort())) {
      if (part.type !== 'text-delta') continue;
      texts.push(part.text);
      if (part.text === 'lo ') finished.abort();
    }
    expect(texts).toEqual(['Hel', 'lo ', 'you']);
  });

  it.each<[string, string, HttpInput['response']]>([
    ['application/octet-stream', '\uFEFF{"text":"Hello"}', { text: 'text' }],
    ['text/json; charset=utf-8', '{"text":"Hello"}', { text: 'text' }],
    ['application/json', 'data: {"text":"Hello"}\n\n', events],
    ['application/octet-stream', '{"text":"Hello"}', events],
    ['application/stream+json', '{"text":"Hel"}\r\n{"text":"lo"}\r\n', { stream: 'ndjson', text: 'text' }],
  ])('or JSON are read whatever the content type: %s', async (type, body, response) => {
    expect((await at(body, response, type)).text).toBe('Hello');
  });
});

const finishOf = async (body: object, response: HttpInput['response']) => {
  const server = await serve((answer) => void answer.end(JSON.stringify(body)));
  const model = providerOf({ baseUrl: server.url, response }).model('m');
  return (await collect(model.stream(say('hi'), noAbort()))).at(-1);
};

describe('what else an answer has', () => {
  const body = {
    result: { answer: 'x', model_used: 'm-7' },
    debug: { trace: [1, { id: 'a' }] },
    list: [{ text: 'y' }],
  };

  it('is kept by the names of the entry', async () => {
    const extra = { trace: 'debug.trace', model: ['nothing', 'result.model_used'], none: 'nothing' };
    expect(await finishOf(body, { text: 'result.answer', extra })).toMatchObject({
      extra: { named: { trace: [1, { id: 'a' }], model: 'm-7' }, unnamed: { list: [{ text: 'y' }] } },
    });
  });

  it('is known for the log where it has no name, without what was read', async () => {
    expect(await finishOf(body, { text: ['result.answer', 'list[0].text'] })).toMatchObject({
      extra: { unnamed: { result: { model_used: 'm-7' }, debug: { trace: [1, { id: 'a' }] } } },
    });
    expect(await finishOf({ text: 'x' }, { text: 'text' })).not.toHaveProperty('extra');
  });

  it('is left out where it is long', async () => {
    const finish = await finishOf(
      { text: 'x', a: 1, long: 'y'.repeat(20_000) },
      { text: 'text', extra: { l: 'long', a: 'a' } },
    );
    expect(finish).toMatchObject({ extra: { named: { l: '(20002 characters, left out)' } } });
  });
});

describe('a failure with status 200 that nothing declares', () => {
  it.each([
    [{ error: { code: 'context_length_exceeded', message: 'too many words' } }, 'context_too_long', 'too many words'],
    [{ success: false, message: 'the quota is used up' }, 'unavailable', 'the quota is used up'],
    [{ text: '', error: 'the robot sleeps' }, 'unavailable', 'the robot sleeps'],
  ])('keeps its words: %j', async (body, code, words) => {
    const error = await failed({}, 200, JSON.stringify(body));
    expect([error.code, error.detail]).toEqual([code, expect.stringContaining(words)]);
  });

  it('ends an answer that has begun', async () => {
    const lines = '{"text":"a"}\n{"error":"the robot sleeps"}\n';
    const error = await failed({ response: { stream: 'ndjson', text: 'text' } }, 200, lines);
    expect(error.detail).toContain('the robot sleeps');
  });
});

describe('a redirect', () => {
  it('to the same scheme, host and port is followed with method and body', async () => {
    const server = await serve((response, { path }) =>
      path === '/b'
        ? void response.end('{"text":"there"}')
        : void response.writeHead(path === '/a' ? 303 : 301, { location: path === '/a' ? '/b' : '/a' }).end(),
    );
    const { text } = await generate(
      providerOf({ baseUrl: server.url, apiKey: 'sk-1234' }).model('m'),
      say('hi'),
      noAbort(),
    );
    expect(text).toBe('there');
    expect(server.requests.map(({ method, body }) => [method, body])).toEqual(
      Array.from({ length: 3 }, () => ['POST', { q: 'hi' }]),
    );
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer sk-1234');
  });

  it('is not followed for ever', async () => {
    const server = await serve((response) => void response.writeHead(302, { location: '/again' }).end());
    const error = await failureOf(generate(providerOf({ baseUrl: server.url }).model('m'), say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'bad_request', status: 302 });
    expect([error.detail, server.requests.length]).toEqual([expect.stringContaining('more than 3 redirects'), 4]);
  });

  it.each([
    ['http://127.0.0.1:1/x', 'to http://127.0.0.1:1, which is not followed'],
    ['//:', 'without a valid location'],
  ])('to %s is an error that says so', async (location, words) => {
    const server = await serve((response) => void response.writeHead(308, { location }).end());
    const error = await failureOf(generate(providerOf({ baseUrl: server.url }).model('m'), say('hi'), noAbort()));
    expect([error.code, error.detail]).toEqual(['bad_request', expect.stringContaining(words)]);
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
