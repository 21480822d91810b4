import type { ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../config.js';
import { generate } from '../../spec/generate.js';
import { failureOf } from '../../testing/failure-of.js';
import { faultOfAssertion, newServiceAccount } from '../../testing/google-tokens.js';
import { startLocalProxy } from '../../testing/local-proxy.js';
import { type LocalServer, type SeenRequest, startLocalServer } from '../../testing/local-server.js';
import { started, stopped, textBlock } from '../../testing/message-events.js';
import { noAbort, say } from '../../testing/prompts.js';
import { streamsOverHttp } from '../../testing/transport-faults.js';

const ACCOUNT = newServiceAccount();
const { publicKey: _, ...serviceAccount } = ACCOUNT;
const MODEL = 'claude-haiku-4-5@20251001';
const MODELS = '/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models';

const EVENTS = [started({ usage: { input_tokens: 3 } }), ...textBlock(0, 'Hel', 'lo'), ...stopped()];
const frames = (events: readonly object[]) =>
  events.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('');

type Entry = Partial<Omit<Extract<ProviderConfigInput, { kind: 'vertex' }>, 'kind'>>;

const vertex = (url: string, entry: Entry = { serviceAccount }) =>
  createProviders([
    {
      kind: 'vertex',
      projectId: 'my-project',
      region: 'europe-west1',
      baseUrl: `${url}/v1`,
      tokenUrl: `${url}/token`,
      ...entry,
    },
  ])[0]!;

/** The token endpoint and the API, which takes the last token that was issued. */
class Google {
  readonly tokens: SeenRequest[] = [];
  readonly exchanged: SeenRequest[] = [];
  readonly calls: SeenRequest[] = [];
  issued = 0;
  seconds = 3_600;
  /** Tokens that the API no longer takes. */
  revoked = 0;
  answer = (response: ServerResponse): unknown =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frames(EVENTS));
  refusal: { status: number; body: object } | undefined;

  take(response: ServerResponse, request: SeenRequest): void {
    if (request.path === '/token') return this.#issue(response, request);
    if (request.path === '/sts') {
      this.exchanged.push(request);
      return json(response, 200, { access_token: `ya29.${++this.issued}`, expires_in: 3_600, token_type: 'Bearer' });
    }
    this.calls.push(request);
    const isValid = request.headers.authorization === `Bearer ya29.${this.issued}` && this.issued > this.revoked;
    if (isValid) this.answer(response);
    else json(response, 401, { error: { code: 401, message: 'invalid credentials', status: 'UNAUTHENTICATED' } });
  }

  #issue(response: ServerResponse, request: SeenRequest): void {
    this.tokens.push(request);
    const fault = faultOfAssertion(request, ACCOUNT);
    if (fault) return json(response, 400, { error: 'invalid_grant', error_description: fault });
    if (this.refusal) return json(response, this.refusal.status, this.refusal.body);
    json(response, 200, { access_token: `ya29.${++this.issued}`, expires_in: this.seconds, token_type: 'Bearer' });
  }
}

const json = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(answer: (response: ServerResponse, request: SeenRequest) => void): Promise<LocalServer> {
  const server = await startLocalServer(answer);
  servers.push(server);
  return server;
}

let google: Google;
let url: string;
beforeEach(async () => {
  google = new Google();
  ({ url } = await serve((response, request) => google.take(response, request)));
});

streamsOverHttp('vertex', {
  contentType: 'text/event-stream',
  frames: [
    frames([started(), ...textBlock(0, 'Hello ', 'wörld').slice(0, 2)]),
    frames(textBlock(0, 'Hello ', 'wörld').slice(2)),
    frames(stopped()),
  ],
  modelAt: (baseUrl) => vertex(baseUrl, { accessToken: 'ya29.own' }).model(MODEL),
});

describe('a request', () => {
  it('has a token for the assertion that the service account has signed, and nothing else', async () => {
    const answer = await generate(vertex(url).model(MODEL), say('hi'), noAbort());
    expect(answer).toMatchObject({ text: 'Hello', usage: { inputTokens: 3 } });
    const [call] = google.calls;
    expect(call?.path).toBe(`${MODELS}/claude-haiku-4-5@20251001:streamRawPredict`);
    expect(call?.body).toEqual({
      anthropic_version: '2026-10-21',
      max_tokens: 8_192,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      stream: true,
    });
    const usual = [
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
    ];
    expect(Object.keys(call!.headers).toSorted()).toEqual(usual);
    const own = ['accept', 'connection', 'content-length', 'content-type', 'host'];
    expect(Object.keys(google.tokens[0]!.headers).toSorted()).toEqual(own);
  });

  it('with a setting of the former version has that version', async () => {
    await generate(vertex(url).model(MODEL), { ...say('hi'), settings: { temperature: 0 } }, noAbort());
    expect(google.calls[0]?.body).toMatchObject({ anthropic_version: 'vertex-2023-10-16', temperature: 0 });
  });

  it('takes a key that is written in one line', async () => {
    const privateKey = serviceAccount.privateKey.replaceAll('\n', '\\n');
    await generate(
      vertex(url, { serviceAccount: { ...serviceAccount, privateKey } }).model(MODEL),
      say('hi'),
      noAbort(),
    );
    expect(google.issued).toBe(1);
  });

  it('uses an access token as it is', async () => {
    google.issued = 7;
    await generate(vertex(url, { accessToken: 'ya29.7' }).model(MODEL), say('hi'), noAbort());
    expect([google.calls.length, google.tokens.length]).toEqual([1, 0]);
  });

  it('goes through the proxy of the entry, that for a token as well', async () => {
    const proxy = await startLocalProxy();
    servers.push(proxy);
    await generate(vertex(url, { serviceAccount, proxy: proxy.url }).model(MODEL), say('hi'), noAbort());
    expect(proxy.requests).toHaveLength(2);
  });
});

describe('a token', () => {
  it('is asked for whatever the process has as a proxy', async () => {
    vi.stubEnv('HTTPS_PROXY', '10.0.0.1:3128');
    await generate(vertex(url).model(MODEL), say('hi'), noAbort());
    expect(google.calls).toHaveLength(1);
  });

  it('is used until shortly before it expires, and fetched once for many', async () => {
    const model = vertex(url).model(MODEL);
    await Promise.all([1, 2, 3].map(() => generate(model, say('hi'), noAbort())));
    await generate(model, say('hi'), noAbort());
    expect([google.tokens.length, google.calls.length]).toEqual([1, 4]);
  });

  it('is replaced when it has expired', async () => {
    google.seconds = 1;
    const model = vertex(url).model(MODEL);
    await generate(model, say('hi'), noAbort());
    await generate(model, say('hi'), noAbort());
    expect(google.tokens).toHaveLength(2);
  });

  it('is replaced once when it is refused although it is valid', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const model = vertex(url).model(MODEL);
    await generate(model, say('hi'), noAbort());
    vi.advanceTimersByTime(10 * 60_000);
    google.revoked = 1;
    expect((await generate(model, say('hi'), noAbort())).text).toBe('Hello');
    expect(google.issued).toBe(2);
  });

  it('is asked for once, whatever the answer', async () => {
    google.refusal = { status: 503, body: { error: 'unavailable' } };
    const error = await failureOf(generate(vertex(url).model(MODEL), say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'unavailable', status: 503 });
    expect(google.tokens).toHaveLength(1);
  });

  it.each([
    [{ serviceAccount: { ...serviceAccount, clientEmail: 'other@x' } }, 'invalid_grant by other@x'],
    [{ serviceAccount: { ...serviceAccount, privateKey: newServiceAccount().privateKey } }, 'with another signature'],
    [{ serviceAccount: { ...serviceAccount, privateKey: 'none' } }, 'Google gave no token for the service account'],
    [{ keyFile: '/nowhere.json' }, 'keyFile /nowhere.json: ENOENT'],
  ])('that is refused says why, without the key: %#', async (entry, detail) => {
    const error = await failureOf(generate(vertex(url, entry).model(MODEL), say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'bad_key', ref: { provider: 'vertex' } });
    expect(error.detail).toContain(detail);
    expect(error.detail).not.toContain('PRIVATE KEY');
    expect(google.calls).toHaveLength(0);
  });

  it('does not keep a turn that was stopped', async () => {
    const silent = await serve(() => undefined);
    const stop = new AbortController();
    const answer = generate(vertex(silent.url).model(MODEL), say('hi'), stop.signal);
    answer.catch(() => undefined);
    await expect.poll(() => silent.requests.length).toBe(1);
    stop.abort(new Error('stopped'));
    await expect(Promise.race([answer, wait(500, 'still waiting')])).rejects.toThrow('stopped');
  });
});

describe('a file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'vertex-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function fileOf(content: object): string {
    const path = join(folder, 'key.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
  const key = { type: 'service_account', client_email: ACCOUNT.clientEmail, private_key: ACCOUNT.privateKey };

  it('with the key of a service account is enough', async () => {
    await generate(vertex(url, { keyFile: fileOf(key) }).model(MODEL), say('hi'), noAbort());
    expect(google.issued).toBe(1);
  });

  it.each([
    [{ ...key, type: 'external_account' }, 'is not the key of a service account'],
    [{ type: 'service_account', client_email: 'a' }, 'private_key'],
  ])('says what is wrong with it: %#', async (content, problem) => {
    const error = await failureOf(
      generate(vertex(url, { keyFile: fileOf(content) }).model(MODEL), say('hi'), noAbort()),
    );
    expect(error).toMatchObject({ code: 'bad_key', detail: expect.stringContaining(problem) });
  });

  it("of Google's own variable is read with credentials: default only", async () => {
    // A workload's identity: its token is exchanged for one of Google's, here by this server.
    const workload = {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${url}/sts`,
      credential_source: { file: fileOf({ any: 'subject token' }) },
    };
    const path = join(folder, 'workload.json');
    writeFileSync(path, JSON.stringify(workload));
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', path);
    await generate(vertex(url, { credentials: 'default' }).model(MODEL), say('hi'), noAbort());
    expect(google.exchanged[0]?.body).toMatchObject({ subject_token: '{"any":"subject token"}' });
    await generate(vertex(url).model(MODEL), say('hi'), noAbort());
    expect([google.exchanged.length, google.tokens.length]).toEqual([1, 1]);
  });

  it('that is not there is no credential of the machine', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'none.json'));
    const model = vertex(url, { credentials: 'default' }).model(MODEL);
    const error = await failureOf(generate(model, say('hi'), noAbort()));
    expect(error.code).toBe('bad_key');
    expect(error.detail).toContain('no Google credentials on this machine');
  });
});

describe('a failure', () => {
  it.each([
    [400, { error: { code: 400, message: 'Project is not allowed', status: 'FAILED_PRECONDITION' } }, 'bad_request'],
    [
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 2 tokens > 1 maximum' } },
      'context_too_long',
    ],
    [
      403,
      {
        error: { code: 403, message: "Permission 'aiplatform.endpoints.predict' denied", status: 'PERMISSION_DENIED' },
      },
      'no_access',
    ],
    [
      404,
      [{ error: { code: 404, message: 'Publisher Model `x` was not found', status: 'NOT_FOUND' } }],
      'model_unknown',
    ],
    [
      429,
      { error: { code: 429, message: 'Quota exceeded for online_prediction_requests', status: 'RESOURCE_EXHAUSTED' } },
      'rate_limited',
    ],
    [
      503,
      { error: { code: 503, message: 'The service is currently unavailable.', status: 'UNAVAILABLE' } },
      'unavailable',
    ],
    [529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
  ])('%i %j is %s', async (status, body, code) => {
    google.answer = (response) => json(response, status, body);
    const error = await failureOf(generate(vertex(url).model(MODEL), say('hi'), noAbort()));
    expect(error).toMatchObject({ code, status, ref: { provider: 'vertex', model: MODEL } });
  });

  it('of the token is one of the key', async () => {
    google.issued = 1;
    google.revoked = 9;
    const error = await failureOf(generate(vertex(url).model(MODEL), say('hi'), noAbort()));
    expect(error).toMatchObject({ code: 'bad_key', status: 401 });
  });
});

it('counts tokens, which is how its health is checked', async () => {
  google.answer = (response) => json(response, 200, { input_tokens: 14 });
  const provider = vertex(url);
  expect(await provider.countTokens?.(MODEL, say('hi'), noAbort())).toBe(14);
  expect(google.calls[0]).toMatchObject({ path: `${MODELS}/count-tokens:rawPredict`, body: { model: MODEL } });
  expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true });
  expect(google.calls[1]?.body).toMatchObject({ model: 'claude-sonnet-5-5' });
  google.refusal = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
  expect(await vertex(url).healthCheck(noAbort())).toMatchObject({ ok: false, error: { code: 'bad_key' } });
});
