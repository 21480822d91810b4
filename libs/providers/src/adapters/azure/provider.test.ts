import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, ProviderConfig } from '../../config.js';
import { generate } from '../../spec/generate.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';
import { failureOf } from '../../testing/failure-of.js';
import { streamsOverHttp } from '../../testing/transport-faults.js';

const servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const KEY = 'azure-0123456789';
const frame = (json: object) => `data: ${JSON.stringify(json)}\n\n`;

/** As Azure begins and ends an answer: what it found in the prompt, before any choice; its filter's findings at the end. */
const ANSWER = [
  {
    choices: [],
    id: '',
    model: '',
    object: '',
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
  },
  {
    choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null, content_filter_results: {} }],
  },
  { choices: [{ index: 0, delta: { content: 'Hel' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: null }] },
  { choices: [{ index: 0, finish_reason: null, content_filter_offsets: { check_offset: 1 } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
].map(frame);

async function serve(status = 200, frames: readonly string[] = ANSWER): Promise<LocalServer> {
  const server = await startLocalServer(async (response) => {
    response.writeHead(status, { 'content-type': status < 400 ? 'text/event-stream' : 'application/json' });
    for (const one of frames) {
      response.write(one);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    response.end(status < 400 ? 'data: [DONE]\n\n' : '');
  });
  servers.push(server);
  return server;
}

type Settings = Partial<Omit<Extract<Parameters<typeof createProviders>[0][number], { kind: 'azure-openai' }>, 'kind'>>;

const azure = (endpoint: string, settings: Settings = {}) =>
  createProviders([{ kind: 'azure-openai', apiKey: KEY, endpoint, ...settings }])[0]!;

streamsOverHttp('azure-openai', {
  contentType: 'text/event-stream',
  frames: [
    ANSWER[0]! + frame({ choices: [{ index: 0, delta: { content: 'Hello ' } }] }),
    frame({ choices: [{ index: 0, delta: { content: 'wörld' } }] }),
    frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    'data: [DONE]\n\n',
  ],
  modelAt: (url) => azure(url).model('deployment'),
});

describe('the name of a deployment', () => {
  it.each(['..', '.', '../../x', 'a/b', 'a?b', 'a#b', '%2e%2e', 'a\\b', '.\n.'])(
    '%j does not reach another path',
    async (name) => {
      const server = await serve();
      const provider = azure(server.url, { apiVersion: '2024-10-21' });
      const failure = { code: 'model_unknown', ref: { provider: 'azure-openai', model: name } };
      const speech = { bytes: new Uint8Array(1), mediaType: 'audio/webm' };
      await expect(provider.transcribe!(name, speech, noAbort())).rejects.toMatchObject(failure);
      expect(await failureOf((async () => generate(provider.model(name), say('hi'), noAbort()))())).toMatchObject(
        failure,
      );
      expect(server.requests).toEqual([]);
    },
  );

  it('stands in the body of the v1 API, and may be any', async () => {
    const server = await serve();
    await generate(azure(server.url).model('../x'), say('hi'), noAbort());
    expect(server.requests[0]).toMatchObject({ path: '/openai/v1/chat/completions', body: { model: '../x' } });
  });
});

describe('a request', () => {
  it.each([
    ['', {}, '/openai/v1/chat/completions'],
    ['/openai/v1/', {}, '/openai/v1/chat/completions'],
    ['/openai', {}, '/openai/v1/chat/completions'],
    ['/', { apiVersion: '2024-10-21' }, '/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21'],
    [
      '/openai/v1',
      { apiVersion: '2025-03-01-preview' },
      '/openai/deployments/my%20deployment/chat/completions?api-version=2025-03-01-preview',
    ],
  ])('to an endpoint that ends in "%s" with %j goes to %s', async (suffix, settings, path) => {
    const server = await serve();
    const answer = await generate(azure(server.url + suffix, settings).model('my deployment'), say('hi'), noAbort());
    expect(answer).toMatchObject({
      text: 'Hello',
      finish: { unified: 'stop' },
      usage: { totalTokens: 5 },
      warnings: [],
    });
    expect(server.requests[0]).toMatchObject({ path, headers: { 'api-key': KEY }, body: { model: 'my deployment' } });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    [undefined, { max_completion_tokens: 5, stream_options: { include_usage: true } }],
    ['2024-10-21', { max_completion_tokens: 5, stream_options: { include_usage: true } }],
    ['2024-06-01', { max_tokens: 5 }],
  ])('by version %s limits the answer with %j', async (apiVersion, fields) => {
    const server = await serve();
    const model = azure(server.url, { apiVersion }).model('d');
    await generate(model, { ...say('hi'), settings: { maxTokens: 5 } }, noAbort());
    const { model: _, messages: __, stream: ___, ...rest } = server.requests[0]!.body;
    expect(rest).toEqual(fields);
  });

  it('takes a token in place of the key', async () => {
    const server = await serve();
    const headers = { Authorization: 'Bearer token' };
    await generate(azure(server.url, { apiKey: undefined, headers }).model('d'), say('hi'), noAbort());
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer token' });
    expect(server.requests[0]?.headers).not.toHaveProperty('api-key');
  });

  it('speaks Responses when configured, and only with the v1 API', async () => {
    const server = await serve(404, ['{}']);
    await failureOf(generate(azure(server.url, { wire: 'responses' }).model('d'), say('hi'), noAbort()));
    expect(server.requests[0]?.path).toBe('/openai/v1/responses');
    const both = { kind: 'azure-openai', endpoint: server.url, wire: 'responses', apiVersion: '2024-10-21' };
    expect(ProviderConfig.safeParse(both).error?.issues).toEqual([expect.objectContaining({ path: ['wire'] })]);
  });
});

describe('a failure', () => {
  it.each([
    [400, { error: { code: 'content_filter', message: 'filtered', innererror: {} } }, 'content_filtered'],
    [404, { error: { code: 'DeploymentNotFound', message: 'The API deployment does not exist' } }, 'model_unknown'],
    [401, { error: { code: '401', message: `Access denied for ${KEY}` } }, 'bad_key'],
    [
      401,
      { error: { code: 'PermissionDenied', message: 'The principal lacks the required data action' } },
      'no_access',
    ],
    [429, { error: { code: '429', message: 'slow down' } }, 'rate_limited'],
  ])('%i %j is %s', async (status, body, code) => {
    const server = await serve(status, [JSON.stringify(body)]);
    const error = await failureOf(generate(azure(server.url).model('d'), say('hi'), noAbort()));
    expect(error.code).toBe(code);
    expect(error.detail).not.toContain(KEY);
  });

  it('of the filter in the middle of an answer ends it as filtered', async () => {
    const filtered = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'content_filter' }] });
    const server = await serve(200, [...ANSWER.slice(0, 3), filtered]);
    const answer = await generate(azure(server.url).model('d'), say('hi'), noAbort());
    expect(answer).toMatchObject({ text: 'Hel', finish: { unified: 'content_filter' } });
  });
});

describe('models', () => {
  it('are the configured deployments', async () => {
    const provider = azure('http://127.0.0.1:1', { models: ['a', 'b'] });
    expect(await provider.listModels(noAbort())).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(await azure('http://127.0.0.1:1').listModels(noAbort())).toEqual([{ id: 'gpt-5.4-mini' }]);
  });

  it('tell by their list whether the key is good', async () => {
    const server = await serve(401, ['{}']);
    expect(await azure(server.url, { apiVersion: '2024-10-21' }).healthCheck(noAbort())).toMatchObject({ ok: false });
    expect(server.requests[0]?.path).toBe('/openai/models?api-version=2024-10-21');
  });
});
