import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../config.js';
import { generate } from '../../spec/generate.js';
import { bedrockEvent, bedrockException } from '../../testing/aws-event-stream.js';
import { faultOfSignature } from '../../testing/aws-signature.js';
import { failureOf } from '../../testing/failure-of.js';
import { useLocalServers } from '../../testing/use-local-servers.js';
import { started, stopped, textBlock } from '../../testing/message-events.js';
import { noAbort, say } from '../../testing/prompts.js';
import { streamsOverHttp } from '../../testing/transport-faults.js';

const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const SIGNER = { ...KEY, region: 'eu-central-1', service: 'bedrock' };
const TYPE = 'application/vnd.amazon.eventstream';
const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';

const EVENTS = [
  started({ usage: { input_tokens: 3, output_tokens: 1 } }),
  ...textBlock(0, 'Hel', 'lo'),
  ...stopped('end_turn', { output_tokens: 2 }),
];
const ANSWER = EVENTS.map(bedrockEvent);

type Entry = Partial<Omit<Extract<ProviderConfigInput, { kind: 'bedrock' }>, 'kind'>>;

const bedrock = (baseUrl: string, entry: Entry = KEY) =>
  createProviders([{ kind: 'bedrock', region: SIGNER.region, baseUrl, ...entry }])[0]!;

const serve = useLocalServers();
afterEach(() => void vi.unstubAllEnvs());

const streams = (response: ServerResponse, frames: readonly Buffer[] = ANSWER) =>
  void response.writeHead(200, { 'content-type': TYPE }).end(Buffer.concat(frames));

const refuses = (response: ServerResponse, status: number, name: string, body: object | string) =>
  void response
    .writeHead(status, { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/`, 'retry-after': '3' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));

/** As Bedrock does: no answer without a right signature. */
const serveSigned = () =>
  serve((response, request) => {
    const fault = faultOfSignature(request, SIGNER);
    if (fault) refuses(response, 403, 'InvalidSignatureException', { message: fault });
    else streams(response);
  });

/** A machine that has these AWS credentials and no others. */
function stubMachine(variables: Readonly<Record<string, string>>): void {
  const none = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'PROFILE', 'WEB_IDENTITY_TOKEN_FILE'];
  for (const name of none) vi.stubEnv(`AWS_${name}`, undefined);
  const nowhere = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
  for (const [name, value] of Object.entries({ ...nowhere, ...variables })) vi.stubEnv(name, value);
}

streamsOverHttp('bedrock', {
  contentType: TYPE,
  frames: [
    Buffer.concat([started(), ...textBlock(0, 'Hello ', 'wörld').slice(0, 2)].map(bedrockEvent)),
    Buffer.concat(textBlock(0, 'Hello ', 'wörld').slice(2).map(bedrockEvent)),
    Buffer.concat(stopped().map(bedrockEvent)),
  ],
  modelAt: (url) => bedrock(url).model(MODEL),
});

describe('a request', () => {
  it.each([
    [MODEL, `/model/${MODEL}/invoke-with-response-stream`],
    [
      'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3',
      '/model/arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile%2Fa1b2c3/invoke-with-response-stream',
    ],
  ])('for %s goes to %s, and is signed as it is sent', async (model, path) => {
    const server = await serveSigned();
    const provider = bedrock(server.url, { ...KEY, headers: { 'X-Team': 'support,  two' } });
    const answer = await generate(provider.model(model), say('hï'), noAbort());
    expect(answer).toMatchObject({
      text: 'Hello',
      usage: { inputTokens: 3, outputTokens: 2 },
      finish: { raw: 'end_turn' },
    });
    const [request] = server.requests;
    expect(request?.path).toBe(path);
    expect(request?.body).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 8_192,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hï' }] }],
    });
    expect(Object.keys(request!.headers).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'authorization', 'connection', 'content-length', 'content-type', 'host']
        .concat(['x-amz-content-sha256', 'x-amz-date', 'x-team'])
        .toSorted(),
    );
  });

  it('has the path of the base URL before its own', async () => {
    const server = await serveSigned();
    await generate(bedrock(`${server.url}/gateway/`).model('m'), say('hi'), noAbort());
    expect(server.requests[0]?.path).toBe('/gateway/model/m/invoke-with-response-stream');
  });

  it('is signed with the token of a temporary key', async () => {
    const server = await serveSigned();
    await generate(bedrock(server.url, { ...KEY, sessionToken: 'session' }).model(MODEL), say('hi'), noAbort());
    expect(server.requests[0]?.headers['x-amz-security-token']).toBe('session');
  });

  it('with another secret is refused as such', async () => {
    const server = await serveSigned();
    const provider = bedrock(server.url, { ...KEY, secretAccessKey: 'wrong' });
    const error = await failureOf(generate(provider.model(MODEL), say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'bad_key', detail: expect.stringContaining('another signature') });
  });

  it('with an API key is not signed', async () => {
    const server = await serve((response) => streams(response));
    await generate(bedrock(server.url, { apiKey: 'bedrock-key' }).model(MODEL), say('hi'), noAbort());
    const { authorization, ...headers } = server.requests[0]!.headers;
    expect(authorization).toBe('Bearer bedrock-key');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  it("has the SDK's version for models that take it", async () => {
    const server = await serveSigned();
    await generate(bedrock(server.url).model('global.anthropic.claude-sonnet-5-5'), say('hi'), noAbort());
    expect(server.requests[0]?.body).toMatchObject({ anthropic_version: '2026-10-21', max_tokens: 32_000 });
  });

  it('knows the variables of AWS only with credentials: default', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', KEY.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', KEY.secretAccessKey);
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'planted');
    const server = await serveSigned();
    await generate(bedrock(server.url, { credentials: 'default' }).model(MODEL), say('hi'), noAbort());
    const other = { accessKeyId: 'own', secretAccessKey: 'own' };
    const error = await failureOf(generate(bedrock(server.url, other).model(MODEL), say('hi'), noAbort()));
    expect(error.detail).toContain('signed for own/');
  });

  it('says that there are no credentials, and whose', async () => {
    stubMachine({ AWS_EC2_METADATA_DISABLED: 'true' });
    const server = await serveSigned();
    const model = bedrock(server.url, { credentials: 'default' }).model(MODEL);
    const error = await failureOf(generate(model, say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'bad_key', ref: { provider: 'bedrock' } });
    expect(error.detail).toMatch(/^no AWS credentials on this machine: /);
    expect(server.requests).toHaveLength(0);
  });
});

describe('a failure', () => {
  it.each([
    [400, 'ValidationException', { message: 'Input is too long for requested model.' }, 'context_too_long'],
    [400, 'ValidationException', { message: 'prompt is too long: 212016 tokens > 200000 maximum' }, 'context_too_long'],
    [400, 'ValidationException', { message: 'The provided model identifier is invalid.' }, 'model_unknown'],
    [
      400,
      'ValidationException',
      {
        message: "Invocation of model ID m with on-demand throughput isn't supported. Retry with an inference profile.",
      },
      'model_unknown',
    ],
    [400, 'ValidationException', { message: 'messages: at least one message is required' }, 'bad_request'],
    [400, 'ServiceQuotaExceededException', { message: 'exceeds the service quota' }, 'rate_limited'],
    [403, 'AccessDeniedException', { message: 'not authorized to perform: bedrock:InvokeModel' }, 'no_access'],
    [403, 'AccessDeniedException', { Message: 'Authentication failed: make sure your API Key is valid.' }, 'bad_key'],
    [403, 'UnrecognizedClientException', { message: 'The security token is invalid.' }, 'bad_key'],
    [403, 'ExpiredTokenException', { message: 'The security token is expired' }, 'bad_key'],
    [404, 'ResourceNotFoundException', { message: 'reached the end of its life' }, 'model_unknown'],
    [408, 'ModelTimeoutException', { message: 'timed out' }, 'timeout'],
    [424, 'ModelErrorException', { message: 'failed' }, 'unavailable'],
    [429, 'ThrottlingException', { message: 'Too many tokens, please wait' }, 'rate_limited'],
    [429, 'ModelNotReadyException', { message: 'not ready' }, 'overloaded'],
    [500, 'InternalServerException', { message: 'oops' }, 'unavailable'],
    [503, 'ServiceUnavailableException', '<html>', 'unavailable'],
  ])('%i %s %j is %s', async (status, name, body, code) => {
    const server = await serve((response) => refuses(response, status, name, body));
    const error = await failureOf(generate(bedrock(server.url).model(MODEL), say('hi'), noAbort()));
    expect(error).toMatchObject({ code, status, retryAfterMs: 3_000, ref: { provider: 'bedrock', model: MODEL } });
    expect(error.detail).toContain(name);
  });

  it.each([
    ['throttlingException', { message: 'slow down' }, 'rate_limited'],
    ['modelStreamErrorException', { originalMessage: 'broke', originalStatusCode: 424 }, 'unavailable'],
    ['modelTimeoutException', { message: 'late' }, 'timeout'],
    ['validationException', { message: 'Input is too long for requested model.' }, 'context_too_long'],
    ['validationException', { message: 'no' }, 'bad_request'],
    ['internalServerException', { message: 'oops' }, 'unavailable'],
    ['serviceUnavailableException', { message: 'down' }, 'unavailable'],
    ['somethingNew', { message: 'new' }, 'unavailable'],
  ])('in mid-stream, %s %j, is %s and comes after what was said', async (type, exception, code) => {
    const server = await serve((response) =>
      streams(response, [...ANSWER.slice(0, 3), bedrockException(type, { ...exception, note: KEY.secretAccessKey })]),
    );
    const said: string[] = [];
    const listen = async () => {
      for await (const part of bedrock(server.url).model(MODEL).stream(say('hi'), noAbort())) {
        if (part.type === 'text-delta') said.push(part.text);
      }
    };
    await expect(listen()).rejects.toMatchObject({ code, detail: expect.stringContaining(type) });
    expect(said).toEqual(['Hel']);
  });

  it.each([
    ['a stream without its end', ANSWER.slice(0, 4), 'stream_truncated'],
    ['a torn message', [...ANSWER.slice(0, 4), ANSWER[4]!.subarray(0, 30)], 'stream_truncated'],
    [
      'bytes that are no message',
      [...ANSWER.slice(0, 4), Buffer.from('<html>no gateway</html>')],
      'malformed_response',
    ],
  ])('%s is %s', async (_, frames, code) => {
    const server = await serve((response) => streams(response, frames));
    const error = await failureOf(generate(bedrock(server.url).model(MODEL), say('hi'), noAbort()));
    expect(error.code).toBe(code);
  });

  it('never holds the secret', async () => {
    const server = await serve((response) => refuses(response, 403, 'AccessDeniedException', KEY.secretAccessKey));
    const error = await failureOf(generate(bedrock(server.url).model(MODEL), say('hi'), noAbort()));
    expect(error.detail).toContain('[secret]');
  });
});

it('may be answered with events by a gateway', async () => {
  const sse = EVENTS.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const server = await serve((response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sse));
  expect((await generate(bedrock(server.url).model(MODEL), say('hi'), noAbort())).text).toBe('Hello');
});

it('closes the socket at once when the answer is stopped', async () => {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': TYPE }).write(Buffer.concat(ANSWER.slice(0, 3)));
  });
  const stop = new AbortController();
  const listen = async () => {
    for await (const part of bedrock(server.url).model(MODEL).stream(say('hi'), stop.signal)) {
      if (part.type === 'text-delta') stop.abort(new Error('stopped'));
    }
  };
  await expect(listen()).rejects.toThrow('stopped');
  expect(await Promise.race([server.requests[0]!.hungUp, wait(1_000, 'still open')])).toBe(true);
});

it('does not wait for credentials when the answer is stopped', async () => {
  // A container's credentials, from a server that does not answer.
  const slow = await serve(() => undefined);
  stubMachine({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${slow.url}/credentials` });
  const model = bedrock(slow.url, { credentials: 'default' }).model(MODEL);
  const stop = new AbortController();
  const answer = generate(model, say('hi'), stop.signal);
  answer.catch(() => undefined);
  await expect.poll(() => slow.requests.length).toBeGreaterThan(0);
  stop.abort(new Error('stopped'));
  await expect(Promise.race([answer, wait(500, 'still waiting')])).rejects.toThrow('stopped');
});

describe('models', () => {
  it('are the configured ones', async () => {
    expect(await bedrock('http://127.0.0.1:1', { ...KEY, models: ['a', 'b'] }).listModels(noAbort())).toEqual([
      { id: 'a' },
      { id: 'b' },
    ]);
  });

  it('are healthy when a request without messages is refused for that', async () => {
    const good = await serve((response, request) => {
      const fault = faultOfSignature(request, SIGNER);
      refuses(response, fault ? 403 : 400, fault ? 'InvalidSignatureException' : 'ValidationException', {
        message: 'm',
      });
    });
    expect(await bedrock(good.url).healthCheck(noAbort())).toMatchObject({ ok: true });
    expect(good.requests[0]?.path).toBe('/model/global.anthropic.claude-sonnet-5-5/invoke');
    const wrong = { ...KEY, secretAccessKey: 'wrong' };
    expect(await bedrock(good.url, wrong).healthCheck(noAbort())).toMatchObject({
      ok: false,
      error: { code: 'bad_key' },
    });
  });
});
