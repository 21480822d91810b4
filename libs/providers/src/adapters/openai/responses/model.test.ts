import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { createProviders } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import type { LanguageModel } from '../../../spec/language-model.js';
import { useLocalServers } from '../../../testing/use-local-servers.js';
import { collect, noAbort, say } from '../../../testing/prompts.js';
import { failureOf } from '../../../testing/failure-of.js';

const KEY = 'sk-test-0123456789';
const serve = useLocalServers();

function modelAt(baseUrl: string): LanguageModel {
  const [provider] = createProviders([{ kind: 'openai', wire: 'responses', apiKey: KEY, baseUrl }]);
  if (!provider) throw new Error('no provider');
  return provider.model('some-model');
}

const frame = (type: string, fields: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, output_index: 0, content_index: 0, ...fields })}\n\n`;
const delta = (text: string) => frame('response.output_text.delta', { delta: text });
const completed = frame('response.completed', { response: { status: 'completed' } });
const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

it('sends path, key and body as documented', async () => {
  const server = await serve((response) => head(response).end(delta('x') + completed));
  await generate(modelAt(`${server.url}/v1/`), say('hi'), noAbort());
  expect(server.requests[0]).toMatchObject({
    method: 'POST',
    path: '/v1/responses',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: { model: 'some-model', stream: true, store: false },
  });
});

it('says first what it could not ask for', async () => {
  const server = await serve((response) => head(response).end(delta('x') + completed));
  const parts = await collect(modelAt(server.url).stream({ ...say('hi'), settings: { seed: 1 } }, noAbort()));
  expect(parts[0]).toMatchObject({ type: 'warning', warning: { setting: 'seed' } });
});

it('is done at the final event, even if the server keeps the response open', async () => {
  const server = await serve((response) => head(response).write(delta('all') + completed));
  expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe('all');
});

it('delivers what was said before an error in the same chunk, without the key', async () => {
  const error = frame('error', { code: 'rate_limit_exceeded', message: `slow down, ${KEY}` });
  const server = await serve((response) => head(response).end(delta('so far') + error));
  const received: string[] = [];
  const listen = async () => {
    for await (const part of modelAt(server.url).stream(say('hi'), noAbort())) {
      if (part.type === 'text-delta') received.push(part.text);
    }
  };
  await expect(listen()).rejects.toMatchObject({ code: 'rate_limited', detail: expect.stringContaining('[secret]') });
  expect(received).toEqual(['so far']);
});

it.each([
  ['only [DONE]', 'data: [DONE]\n\n', 'stream_truncated'],
  ['no end at all', delta('half'), 'stream_truncated'],
  ['[DONE] instead of the final event', `${delta('half')}data: [DONE]\n\n`, 'stream_truncated'],
  ['a failure', frame('response.failed', { response: { error: { code: 'server_error' } } }), 'unavailable'],
])('reads %s', async (_, body, code) => {
  const server = await serve((response) => head(response).end(body));
  expect((await failureOf(generate(modelAt(server.url), say('hi'), noAbort()))).code).toBe(code);
});

it.each([
  ['{"error":{"message":"no","code":"insufficient_quota"}}', 'no_access'],
  ['{"status":"failed","output":[],"error":{"code":"rate_limit_exceeded"}}', 'rate_limited'],
  ['{"id":"x"}', 'malformed_response'],
  ['{"status":"completed","output":[]}', 'empty_response'],
])('reads the whole body %s', async (body, code) => {
  const server = await serve((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
  expect((await failureOf(generate(modelAt(server.url), say('hi'), noAbort()))).code).toBe(code);
});
