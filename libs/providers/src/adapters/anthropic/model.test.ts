import { setTimeout as wait } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { generate } from '../../spec/generate.js';
import type { LanguageModel } from '../../spec/language-model.js';
import { useLocalServers } from '../../testing/use-local-servers.js';
import { type MessageEvent, started, stopped, textBlock } from '../../testing/message-events.js';
import { collect, noAbort, say } from '../../testing/prompts.js';
import { failureOf } from '../../testing/failure-of.js';

const KEY = 'sk-ant-test-0123456789';
const serve = useLocalServers();

function modelAt(baseUrl: string): LanguageModel {
  const [provider] = createProviders([{ kind: 'anthropic', apiKey: KEY, baseUrl }]);
  if (!provider) throw new Error('no provider');
  return provider.model('some-model');
}

const frames = (...events: MessageEvent[]) =>
  events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

const [open, one, two, close] = textBlock(0, 'one ', 'two');
const beginning = frames(started({ usage: { input_tokens: 3, output_tokens: 1 } }), open!, one!);
const rest = frames(two!, close!, ...stopped('end_turn', { output_tokens: 2 }));
const hello = (response: ServerResponse) => head(response).end(beginning + rest);

const error = (type: string, message = 'no') => JSON.stringify({ type: 'error', error: { type, message } });

describe('a request', () => {
  it.each(['', '/', '/v1', '/v1/'])('goes to the documented place from a base URL that ends in "%s"', async (end) => {
    const server = await serve(hello);
    await generate(modelAt(server.url + end), say('hi'), noAbort());
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/messages',
      headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
      body: { model: 'some-model', stream: true, max_tokens: 8_192 },
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('has the headers of the configuration, and no key where there is none', async () => {
    const server = await serve(hello);
    const headers = { 'Anthropic-Beta': 'x', 'Anthropic-Version': '2030-01-01' };
    const [provider] = createProviders([{ kind: 'anthropic', baseUrl: `${server.url}/proxy`, headers }]);
    await generate(provider!.model('m'), say('hi'), noAbort());
    expect(server.requests[0]).toMatchObject({
      path: '/proxy/v1/messages',
      headers: { 'anthropic-beta': 'x', 'anthropic-version': '2030-01-01' },
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('says first what it could not ask for', async () => {
    const server = await serve(hello);
    const parts = await collect(modelAt(server.url).stream({ ...say('hi'), settings: { seed: 1 } }, noAbort()));
    expect(parts[0]).toMatchObject({ type: 'warning', warning: { setting: 'seed' } });
  });
});

describe('the stream', () => {
  it('may come drop by drop', async () => {
    const server = await serve(async (response) => {
      head(response);
      for (const drop of (beginning + rest).match(/[^]{1,40}/g) ?? []) {
        response.write(drop);
        await wait(1);
      }
      response.end();
    });
    const answer = await generate(modelAt(server.url), say('hi'), noAbort());
    expect(answer).toMatchObject({ text: 'one two', usage: { inputTokens: 3, outputTokens: 2 } });
  });

  it('is done at message_stop, even if the server keeps the response open', async () => {
    const server = await serve((response) => head(response).write(beginning + rest));
    expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe('one two');
  });

  it('may be no stream at all', async () => {
    const body = JSON.stringify({ content: [{ type: 'text', text: 'whole' }], stop_reason: 'end_turn' });
    const server = await serve((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
    expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe('whole');
  });
});

describe('failures', () => {
  it.each([
    [400, error('invalid_request_error'), 'bad_request'],
    [400, error('invalid_request_error', 'prompt is too long: 212016 tokens > 200000 maximum'), 'context_too_long'],
    [
      400,
      error('invalid_request_error', 'input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000'),
      'context_too_long',
    ],
    [400, error('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'), 'no_access'],
    [400, error('invalid_request_error', 'Output blocked by content filtering policy'), 'content_filtered'],
    [401, error('authentication_error'), 'bad_key'],
    [402, error('billing_error'), 'no_access'],
    [403, error('permission_error'), 'no_access'],
    [404, error('not_found_error', 'model: claude-none'), 'model_unknown'],
    [404, error('not_found_error', 'Not Found'), 'bad_request'],
    [413, error('request_too_large'), 'context_too_long'],
    [429, error('rate_limit_error'), 'rate_limited'],
    [500, error('api_error'), 'unavailable'],
    [504, error('timeout_error'), 'timeout'],
    [529, error('overloaded_error'), 'overloaded'],
  ])('%i %s is %s', async (status, body, code) => {
    const server = await serve((response) => response.writeHead(status, { 'retry-after': '7' }).end(body));
    const failure = await failureOf(generate(modelAt(server.url), say('hi'), noAbort()));
    expect(failure).toMatchObject({ code, status, retryAfterMs: 7_000 });
  });

  it('in mid-stream come after what was said, without the key', async () => {
    const event = { type: 'error', error: { type: 'overloaded_error', message: `Overloaded, ${KEY}` } };
    const server = await serve((response) => head(response).end(beginning + frames(event)));
    const received: string[] = [];
    const listen = async () => {
      for await (const part of modelAt(server.url).stream(say('hi'), noAbort())) {
        if (part.type === 'text-delta') received.push(part.text);
      }
    };
    await expect(listen()).rejects.toMatchObject({ code: 'overloaded', detail: expect.stringContaining('[secret]') });
    expect(received).toEqual(['one ']);
  });

  it.each([
    ['nothing', '', 'stream_truncated'],
    ['no end', beginning, 'stream_truncated'],
    ['[DONE] instead of an end', `${beginning}data: [DONE]\n\n`, 'stream_truncated'],
    ['a torn frame', `${beginning}data: {"type":"content_bl`, 'malformed_response'],
    ['no content', frames(started(), ...stopped()), 'empty_response'],
  ])('are %s', async (_, body, code) => {
    const server = await serve((response) => head(response).end(body));
    expect((await failureOf(generate(modelAt(server.url), say('hi'), noAbort()))).code).toBe(code);
  });
});
