import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { generate } from '../../spec/generate.js';
import type { LanguageModel } from '../../spec/language-model.js';
import { callEvents, messageEnd, planEvents, sse, textEvents } from '../../testing/cohere-events.js';
import { useLocalServers } from '../../testing/use-local-servers.js';
import { collect, noAbort, say } from '../../testing/prompts.js';
import { failureOf } from '../../testing/failure-of.js';

const KEY = 'co-test-0123456789';
const serve = useLocalServers();

function modelAt(baseUrl: string): LanguageModel {
  const [provider] = createProviders([{ kind: 'cohere', apiKey: KEY, baseUrl }]);
  if (!provider) throw new Error('no provider');
  return provider.model('some-model');
}

const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const [start, one, two, end] = textEvents(0, ['one ', 'two']).map((event) => sse([event]));
const begun = `${start}${one}`;
const whole = `${begun}${two}${end}${sse([messageEnd()])}data: [DONE]\n\n`;

it.each(['', '/v2', '/v2/', '/v1', '/'])(
  'sends path, key and body as documented to a base URL with "%s"',
  async (tail) => {
    const server = await serve((response) => head(response).end(whole));
    await generate(modelAt(server.url + tail), { ...say('hi'), documents: [{ id: 'd', text: 'a' }] }, noAbort());
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v2/chat',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: { model: 'some-model', stream: true, documents: [{ id: 'd', data: { snippet: 'a' } }] },
    });
  },
);

it('says first what it could not ask for', async () => {
  const server = await serve((response) => head(response).end(whole));
  const file = { type: 'file', mediaType: 'application/pdf', data: { type: 'base64', data: 'AAAA' } } as const;
  const parts = await collect(modelAt(server.url).stream({ prompt: [{ role: 'user', content: [file] }] }, noAbort()));
  expect(parts[0]).toMatchObject({ type: 'warning', warning: { code: 'unsupported_content' } });
});

describe('a stream', () => {
  it('is read as it drips', async () => {
    const events = [...planEvents(['über ', '東京']), ...callEvents(0, ['{"a":', '"🔑"}']), messageEnd('TOOL_CALL')];
    const server = await serve(async (response) => {
      head(response);
      for (const byte of Buffer.from(sse(events))) {
        response.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(await generate(modelAt(server.url), say('hi'), noAbort())).toMatchObject({
      reasoning: 'über 東京',
      toolCalls: [{ callId: 'c0', name: 'f', arguments: '{"a":"🔑"}' }],
      finish: { unified: 'tool_calls', raw: 'TOOL_CALL' },
    });
  });

  it('is over at message-end, even if the server keeps the response open', async () => {
    const server = await serve((response) => head(response).write(begun + sse([messageEnd()])));
    expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe('one ');
  });
});

describe('failures', () => {
  it('deliver what was said before them in the same chunk, without the key', async () => {
    const error = sse([messageEnd('ERROR', { error: `no luck with ${KEY}` })]);
    const server = await serve((response) => head(response).end(begun + error));
    const received: string[] = [];
    const listen = async () => {
      for await (const part of modelAt(server.url).stream(say('hi'), noAbort())) {
        if (part.type === 'text-delta') received.push(part.text);
      }
    };
    await expect(listen()).rejects.toMatchObject({ code: 'unavailable', detail: expect.stringContaining('[secret]') });
    expect(received).toEqual(['one ']);
  });

  it('say how long to wait', async () => {
    const server = await serve((response) => response.writeHead(429, { 'retry-after': '7' }).end('{"message":"slow"}'));
    const error = await failureOf(generate(modelAt(server.url), say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'rate_limited', status: 429, retryAfterMs: 7_000, detail: 'HTTP 429 slow' });
  });

  it.each([
    [400, '{"id":"x","message":"too many tokens: size limit exceeded by 9 tokens"}', 'context_too_long', false],
    [498, '{"message":"blocked"}', 'content_filtered', false],
    [503, '<html>', 'unavailable', true],
  ])('%i %s', async (status, body, code, retryable) => {
    const server = await serve((response) => response.writeHead(status).end(body));
    const error = await failureOf(generate(modelAt(server.url), say('hi'), noAbort()));
    expect([error.code, error.retryable, error.status]).toEqual([code, retryable, status]);
  });

  it.each([
    ['only [DONE]', 'data: [DONE]\n\n', 'stream_truncated'],
    ['no end at all', begun, 'stream_truncated'],
    ['[DONE] instead of message-end', `${begun}data: [DONE]\n\n`, 'stream_truncated'],
    ['no content', sse([messageEnd()]), 'empty_response'],
    ['an event named error', 'event: error\ndata: {"message":"oh"}\n\n', 'unavailable'],
  ])('are in a stream with %s', async (_, body, code) => {
    const server = await serve((response) => head(response).end(body));
    expect((await failureOf(generate(modelAt(server.url), say('hi'), noAbort()))).code).toBe(code);
  });
});
