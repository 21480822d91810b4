import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../../config.js';
import { providersOf } from '../../../config-file-providers.js';
import { generate } from '../../../spec/generate.js';
import type { LanguageModel } from '../../../spec/language-model.js';
import { type LocalServer, startLocalServer } from '../../../testing/local-server.js';
import { collect, noAbort, say } from '../../../testing/prompts.js';
import { failureOf } from '../../../testing/failure-of.js';
import { streamsOverHttp } from '../../../testing/transport-faults.js';
import { toldIssues } from '../../../testing/told-issues.js';

type GraphqlInput = Extract<ProviderConfigInput, { kind: 'graphql' }>;

const MINIMAL = {
  kind: 'graphql',
  id: 'desk',
  baseUrl: 'http://127.0.0.1:1',
  query: 'query($q: String!) { ask(q: $q) { text stop } }',
  variables: { q: '{{lastUserMessage}}' },
  response: { text: 'ask.text' },
} satisfies GraphqlInput;

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const modelOf = (more: Partial<GraphqlInput>): LanguageModel =>
  createProviders([{ ...MINIMAL, ...more }])[0]!.model('m');

async function answering(body: object, more: Partial<GraphqlInput> = {}, status = 200) {
  const server = await startLocalServer(
    (response) =>
      void response
        .writeHead(status, { 'content-type': 'application/graphql-response+json' })
        .end(JSON.stringify(body)),
  );
  servers.push(server);
  return { server, model: modelOf({ baseUrl: server.url, ...more }) };
}

const next = (data: object) => `event: next\ndata: ${JSON.stringify({ data })}\n\n`;

streamsOverHttp('graphql by server-sent events', {
  contentType: 'text/event-stream',
  frames: [
    next({ ask: { text: 'Hello ' } }),
    next({ ask: { text: 'wörld' } }),
    next({ ask: { stop: 'END' } }),
    'event: complete\ndata:\n\n',
  ],
  modelAt: (baseUrl) => modelOf({ baseUrl, response: { stream: 'sse', text: 'ask.text', finish: 'ask.stop' } }),
});

it('ends at complete, whatever stays open', async () => {
  const server = await startLocalServer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`${next({ ask: { text: 'Hello' } })}event: complete\ndata:\n\n`);
  });
  servers.push(server);
  const model = modelOf({ baseUrl: server.url, response: { stream: 'sse', text: 'ask.text', done: 'END' } });
  expect((await generate(model, say('hi'), noAbort())).text).toBe('Hello');
});

it('sends the operation by its name, with its variables', async () => {
  const { server, model } = await answering({ data: { ask: { text: 'ok' } } }, { operationName: 'Ask' });
  await generate(model, say('hi'), noAbort());
  expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/' });
  expect(server.requests[0]?.body).toEqual({ query: MINIMAL.query, operationName: 'Ask', variables: { q: 'hi' } });
});

it('reads an answer where only the data is not streamed', async () => {
  const response = { stream: 'sse', text: 'ask.text' } as const;
  const { model } = await answering({ data: { ask: { text: 'whole' } } }, { response });
  expect((await generate(model, say('hi'), noAbort())).text).toBe('whole');
});

it.each([
  ['none', 'application/json', (body: object) => JSON.stringify(body)],
  [
    'sse',
    'text/event-stream',
    (body: object) => `event: next\ndata: ${JSON.stringify(body)}\n\nevent: complete\ndata:\n\n`,
  ],
] as const)('keeps what extra names from the top of the answer (stream: %s)', async (stream, type, written) => {
  const body = { data: { ask: { text: 'ok', model: 'm-7' } }, extensions: { cost: { points: 3 } } };
  const server = await startLocalServer(
    (response) => void response.writeHead(200, { 'content-type': type }).end(written(body)),
  );
  servers.push(server);
  const extra = { cost: 'extensions.cost.points', model: 'data.ask.model', none: 'ask.model' };
  const model = modelOf({ baseUrl: server.url, response: { stream, text: 'ask.text', extra } });
  const parts = await collect(model.stream(say('hi'), noAbort()));
  expect(parts.at(-1)).toMatchObject({ type: 'finish', extra: { named: { cost: 3, model: 'm-7' } } });
});

const errorsOf = (code?: string) => ({
  data: { ask: { text: 'half' } },
  errors: [{ message: 'It broke.', ...(code && { extensions: { code } }) }, { message: 'Twice.' }],
});

describe('errors', () => {
  it.each<[string, string | undefined, number, string]>([
    ['with status 200', undefined, 200, 'unavailable'],
    ['by a code that many servers share', 'UNAUTHENTICATED', 200, 'bad_key'],
    ['by a code of the operator', 'THROTTLED', 200, 'rate_limited'],
    ['by a code, with a status', 'THROTTLED', 400, 'rate_limited'],
    ['by their status', undefined, 403, 'no_access'],
  ])('are failures %s', async (_, code, status, expected) => {
    const { model } = await answering(
      errorsOf(code),
      { response: { text: 'ask.text', errors: { THROTTLED: 'rate_limited' } } },
      status,
    );
    const error = await failureOf(generate(model, say('hi'), noAbort()));
    expect([error.code, error.detail]).toEqual([expected, expect.stringContaining('It broke.; Twice.')]);
  });

  it('of the schema itself stand in the data', async () => {
    const response = { text: 'ask.text', error: 'ask.problem', errorMessage: 'ask.problem.why' };
    const { model } = await answering({ data: { ask: { problem: { why: 'No.' } } } }, { response });
    const error = await failureOf(generate(model, say('hi'), noAbort()));
    expect(error.detail).toContain('No.');
  });

  it('are none in an empty list', async () => {
    const { model } = await answering({ data: { ask: { text: 'ok' } }, errors: [] });
    expect((await generate(model, say('hi'), noAbort())).text).toBe('ok');
  });
});

it('names what it has seen when nothing fits', async () => {
  const { model } = await answering({ data: { answer: { words: 'x' } } });
  const error = await failureOf(generate(model, say('hi'), noAbort()));
  expect([error.code, error.detail]).toEqual([
    'malformed_response',
    'there is no text at data.ask.text; seen: data.answer.words',
  ]);
});

it.each<[string, object, string]>([
  ['a variable that the query has not', { variables: { q: '{{prompt}}', x: 1 } }, 'variables.x: the query has no $x'],
  ['a template', { variables: { q: '{{question}}' } }, 'variables.q: there is no variable "question"'],
  ['variables without the question', { variables: { q: '{{model}}' } }, 'variables: nothing in it says'],
  ['a name that is none', { variables: { 'q-1': '{{prompt}}' } }, 'variables.q-1'],
])('the config refuses %s, and names where it stands', (_, wrong, problem) => {
  const { issues } = providersOf([{ ...MINIMAL, ...wrong }], {});
  expect(toldIssues(issues)).toEqual([expect.stringContaining(`providers[0].${problem}`)]);
});
