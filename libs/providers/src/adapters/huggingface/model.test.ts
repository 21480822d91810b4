import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../config.js';
import { generate } from '../../spec/generate.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';
import { failureOf } from '../../testing/failure-of.js';
import { streamsOverHttp } from '../../testing/transport-faults.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

type Api = 'chat' | 'text-generation-inference' | 'inference';

function hubAt(baseUrl: string, api: Api, more: object = {}) {
  const config = { kind: 'huggingface', api, baseUrl, apiKey: 'hf_0123456789', ...more } as ProviderConfigInput;
  return createProviders([config])[0]!;
}

const tgiAt = (url: string) => hubAt(url, 'text-generation-inference').model('default');

const frame = (json: object) => `data:${JSON.stringify(json)}\n\n`;
const token = (text: string, special = false) => ({ index: 1, token: { id: 1, text, logprob: -0.1, special } });
const token1 = frame({ ...token('Hello '), generated_text: null, details: null });
const END = frame({
  ...token('</s>', true),
  generated_text: 'Hello wörld',
  details: { finish_reason: 'eos_token', generated_tokens: 3, input_length: 4 },
});

streamsOverHttp('text-generation-inference', {
  contentType: 'text/event-stream',
  frames: [token1, frame({ ...token('wörld'), generated_text: null }), END],
  modelAt: tgiAt,
});

const delta = (fields: object, finish: string | null = null) =>
  frame({ choices: [{ index: 0, delta: fields, finish_reason: finish }] });

streamsOverHttp('huggingface', {
  contentType: 'text/event-stream',
  frames: [delta({ content: 'Hello ' }), delta({ content: 'wörld' }), delta({}, 'stop'), 'data: [DONE]\n\n'],
  modelAt: (url) => hubAt(url, 'chat').model('m'),
});

async function serve(body: string, { status = 200, type = 'text/event-stream' } = {}): Promise<string> {
  server = await startLocalServer((response) => void response.writeHead(status, { 'content-type': type }).end(body));
  return server.url;
}

describe('text-generation-inference', () => {
  it('is asked for a stream with details', async () => {
    const answer = await generate(tgiAt(await serve(token1 + END)), say('hi'), noAbort());
    expect(answer).toMatchObject({
      text: 'Hello wörld',
      finish: { unified: 'stop', raw: 'eos_token' },
      usage: { inputTokens: 4, outputTokens: 3 },
      warnings: [],
    });
    expect(server!.requests[0]).toMatchObject({
      method: 'POST',
      path: '/generate_stream',
      headers: { authorization: 'Bearer hf_0123456789' },
      body: { inputs: expect.stringContaining('hi'), parameters: { details: true, return_full_text: false } },
    });
  });

  it.each([
    ['the text as a whole has no blank in front', [' Hi', ' you'], ' you!', 'Hi you!', ' Hi you you!'],
    ['the last token is part of the text', ['Hi'], '!', 'Hi!', 'Hi!'],
    ['the blank of the only token is no text', [], ' ', '', ''],
  ])('where %s', async (_, tokens, last, all, text) => {
    const frames = [...tokens.map((one) => frame(token(one))), frame({ ...token(last), generated_text: all })];
    expect((await generate(tgiAt(await serve(frames.join(''))), say('hi'), noAbort())).text).toBe(text);
  });

  it.each([
    ['validation', '`inputs` must have less than 1024 tokens. Given: 2000', 'context_too_long'],
    ['validation', '`top_p` must be > 0.0 and < 1.0', 'bad_request'],
    ['overloaded', 'Model is overloaded', 'overloaded'],
    ['generation', 'Request failed during generation', 'unavailable'],
    ['incomplete_generation', 'Incomplete generation', 'unavailable'],
  ])('fails in mid-stream with %s: %s', async (error_type, error, code) => {
    const url = await serve(token1 + frame({ error, error_type }));
    expect((await failureOf(generate(tgiAt(url), say('hi'), noAbort()))).code).toBe(code);
  });

  it('lists the one model that it has', async () => {
    const url = await serve('{"model_id":"org/model","version":"3"}', { type: 'application/json' });
    expect(await hubAt(url, 'text-generation-inference').listModels(noAbort())).toEqual([{ id: 'org/model' }]);
    expect(server!.requests[0]?.path).toBe('/info');
  });
});

const classic = (url: string, more?: object) => hubAt(url, 'inference', more);
const whole = { type: 'application/json' };

describe('the classic inference API', () => {
  it.each([
    ['a list', '[{"generated_text":"I am at work"}]'],
    ['an object', '{"generated_text":"I am at work"}'],
  ])('answers with %s', async (_, body) => {
    const model = classic(await serve(body, whole)).model('google/flan t5');
    expect(await generate(model, say('hi'), noAbort())).toMatchObject({
      text: 'I am at work',
      finish: { unified: 'other', raw: null },
    });
    expect(server!.requests[0]).toMatchObject({ path: '/models/google/flan%20t5', body: { parameters: {} } });
    expect(server!.requests[0]?.body['parameters']).not.toHaveProperty('details');
  });

  it('renders the template that is configured', async () => {
    const chatTemplate = '{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}';
    const provider = classic(await serve('[{"generated_text":"x"}]', whole), { chatTemplate, bosToken: '<s>' });
    await generate(provider.model('m'), say('hi'), noAbort());
    expect(server!.requests[0]?.body['inputs']).toBe('<s>user: hi\n');
  });

  it.each([
    [200, '[]', 'empty_response'],
    [200, 'oops', 'malformed_response'],
    [503, '{"error":"Model x is currently loading","estimated_time":20}', 'unavailable'],
    [
      422,
      '{"error":"`inputs` tokens + `max_new_tokens` must be <= 1512","error_type":"validation"}',
      'context_too_long',
    ],
    [401, '{"error":"Invalid credentials in Authorization header"}', 'bad_key'],
  ])('fails with %i %s', async (status, body, code) => {
    const url = await serve(body, { status, ...whole });
    expect((await failureOf(generate(classic(url).model('m'), say('hi'), noAbort()))).code).toBe(code);
  });

  it('offers a list that nobody has to ask for', async () => {
    const provider = classic('http://127.0.0.1:1');
    expect((await provider.listModels(noAbort())).map(({ id }) => id)).toContain(provider.defaultModel);
    expect([...provider.capabilities]).not.toContain('stream');
  });
});

it("needs a token at the router, and none at a server of one's own", () => {
  const providers = createProviders([
    { kind: 'huggingface' },
    { kind: 'huggingface', id: 'b', baseUrl: 'http://127.0.0.1:1/v1' },
    { kind: 'huggingface', id: 'c', api: 'text-generation-inference' },
  ]);
  expect(providers.map(({ keyConfig }) => keyConfig.required)).toEqual([true, false, false]);
});
