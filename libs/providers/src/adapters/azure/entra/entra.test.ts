import { constants, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import type { Provider } from '../../../spec/provider.js';
import { AZURE_VARIABLES } from '../../../testing/azure-variables.js';
import { type EntraServer, startEntra, startTokenApi } from '../../../testing/entra-servers.js';
import { failureOf } from '../../../testing/failure-of.js';
import { startLocalProxy } from '../../../testing/local-proxy.js';
import type { LocalServer } from '../../../testing/local-server.js';
import { noAbort, say } from '../../../testing/prompts.js';
import { streamsOverHttp } from '../../../testing/transport-faults.js';
import { selfSigned } from '../../../testing/self-signed.js';

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const SCOPE = 'https://cognitiveservices.azure.com/.default';
const SECRET = 'entra-secret-0123456789';
const APPLICATION = { tenantId: 'tenant-1', clientId: 'client-1' };

const frame = (json: object) => `data: ${JSON.stringify(json)}\n\n`;
const CHAT = [
  { choices: [{ index: 0, delta: { content: 'Hel' } }] },
  { choices: [{ index: 0, delta: { content: 'lo' } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
].map(frame);
const RESPONSES = [
  { type: 'response.output_text.delta', item_id: 'a', output_index: 0, content_index: 0, delta: 'Hello' },
  { type: 'response.completed', response: { status: 'completed', output: [] } },
].map(frame);

let entra: EntraServer;
let api: LocalServer;
let revoked: Set<string>;
let folder: string;
beforeEach(async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.useFakeTimers({ toFake: ['Date'] });
  folder = mkdtempSync(join(tmpdir(), 'entra-'));
  entra = await startEntra();
  revoked = new Set();
  api = await startTokenApi(
    SCOPE,
    (response, { path }) => {
      if (path.includes('/models')) return void response.end('{"data":[]}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const one of path.includes('responses') ? RESPONSES : CHAT) response.write(one);
      response.end('data: [DONE]\n\n');
    },
    revoked,
  );
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await Promise.all([entra.close(), api.close()]);
});

type Fields = Readonly<Record<string, unknown>>;

function azure(application: Fields = {}, entry: Fields = {}): Provider {
  const given = { ...APPLICATION, clientSecret: SECRET, authorityHost: entra.url, ...application };
  const config = { kind: 'azure-openai', endpoint: api.url, entra: given, ...entry };
  return createProviders([config as ProviderConfigInput])[0]!;
}
const ask = (provider: Provider) => generate(provider.model('deployment'), say('hi'), noAbort());
const minutes = (count: number) => vi.setSystemTime(Date.now() + count * 60_000);
const tokens = () => entra.forms.length;
const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

streamsOverHttp('azure-openai by Entra ID', {
  contentType: 'text/event-stream',
  frames: [
    frame({ choices: [{ index: 0, delta: { content: 'Hello ' } }] }),
    frame({ choices: [{ index: 0, delta: { content: 'wörld' } }] }),
    frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    'data: [DONE]\n\n',
  ],
  modelAt: (endpoint) => azure({}, { endpoint }).model('deployment'),
});

describe('a token', () => {
  it.each([
    [{}, '/openai/v1/chat/completions'],
    [{ wire: 'responses' }, '/openai/v1/responses'],
    [{ apiVersion: '2024-10-21' }, '/openai/deployments/deployment/chat/completions?api-version=2024-10-21'],
  ])('is sent with %j to %s', async (entry, path) => {
    const provider = azure({}, entry);
    expect((await ask(provider)).text).toBe('Hello');
    expect(api.requests[0]).toMatchObject({ path, headers: { authorization: expect.stringMatching(/^Bearer eyJ/) } });
    expect(api.requests[0]?.headers).not.toHaveProperty('api-key');
    expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true });
    expect(tokens()).toBe(1);
  });

  it('is asked for with the secret, and with nothing about this machine', async () => {
    await ask(azure());
    expect(entra.forms).toEqual([
      {
        path: '/tenant-1/oauth2/v2.0/token',
        form: {
          client_id: 'client-1',
          client_secret: SECRET,
          grant_type: 'client_credentials',
          scope: SCOPE,
          'client-request-id': expect.any(String),
          'x-ms-lib-capability': expect.any(String),
        },
      },
    ]);
    const names = ['accept', 'connection', 'content-length', 'content-type', 'host'];
    expect(Object.keys(entra.headers()).toSorted()).toEqual(names);
  });

  it('is asked for with the token of a file, which is read again', async () => {
    const tokenFile = fileOf('token', 'federated-1\n');
    const provider = azure({ clientSecret: undefined, tokenFile });
    await ask(provider);
    fileOf('token', 'federated-2');
    minutes(120);
    await ask(provider);
    const assertions = entra.forms.map(({ form }) => [form['client_assertion'], form['client_secret']]);
    expect(assertions).toEqual([
      ['federated-1', undefined],
      ['federated-2', undefined],
    ]);
  });

  it('is asked for with what a certificate has signed', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const pem = `${privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}${selfSigned().cert}`;
    await ask(azure({ clientSecret: undefined, certificateFile: fileOf('certificate.pem', pem) }));
    const [head = '', body = '', signature = ''] = (entra.forms[0]?.form['client_assertion'] ?? '').split('.');
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString());
    const key = {
      key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      ...(alg === 'PS256' && PSS),
    };
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({ iss: 'client-1', sub: 'client-1' });
  });

  it('is one for many turns at once, and is kept', async () => {
    const provider = azure();
    await Promise.all(Array.from({ length: 20 }, () => ask(provider)));
    minutes(54);
    await ask(provider);
    expect([tokens(), api.requests.length]).toEqual([1, 21]);
  });

  it('is replaced before it expires, without anybody waiting', async () => {
    const provider = azure();
    await ask(provider);
    minutes(56);
    entra.refuse('hang up');
    await ask(provider);
    await expect.poll(tokens).toBe(2);
    entra.refuse(undefined);
    await ask(provider);
    await expect.poll(tokens).toBe(3);
    await ask(provider);
    const sent = api.requests.map(({ headers }) => headers.authorization);
    expect([new Set(sent.slice(0, 3)).size, sent[3] === sent[0]]).toEqual([1, false]);
  });

  it('that has expired is replaced before the request', async () => {
    const provider = azure();
    await ask(provider);
    minutes(61);
    expect((await ask(provider)).text).toBe('Hello');
    expect([tokens(), api.requests.length]).toEqual([2, 2]);
  });

  it('that is refused while it is valid is replaced, once for all turns', async () => {
    const provider = azure();
    await ask(provider);
    minutes(2);
    revoked.add((api.requests[0]?.headers.authorization ?? '').replace('Bearer ', ''));
    const answers = await Promise.all([ask(provider), ask(provider), ask(provider)]);
    expect(answers.map(({ text }) => text)).toEqual(['Hello', 'Hello', 'Hello']);
    expect(tokens()).toBe(2);
  });

  it('that is refused at once is a bad key, and appears in no log', async () => {
    const provider = azure({ scope: 'https://other.example/.default' });
    const error = await failureOf(ask(provider));
    expect(error).toMatchObject({ code: 'bad_key', status: 401, retryable: false });
    expect(error.detail).toBe('HTTP 401 401 Access denied due to invalid or expired token [token]');
    expect([tokens(), api.requests.length]).toEqual([1, 1]);
  });

  it('is asked for through the proxy of the entry', async () => {
    const proxy = await startLocalProxy();
    await ask(azure({}, { proxy: proxy.url }));
    const asked = proxy.requests.map(({ line }) => line);
    await proxy.close();
    expect(asked).toContain(`CONNECT ${new URL(entra.url).host}`);
    expect(asked.at(-1)).toContain(api.url);
  });

  it('is waited for no longer than the turn', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const answer = generate(azure().model('m'), say('hi'), stop.signal);
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(api.requests).toEqual([]);
  });

  it.each(['westeurope', 'AutoDiscoverRegion'])('depends on nothing in the environment: %s', async (region) => {
    for (const name of AZURE_VARIABLES)
      vi.stubEnv(name, /HOST|URI|ENDPOINT/.test(name) ? 'https://elsewhere.example' : 'elsewhere');
    for (const name of ['AZURE_REGIONAL_AUTHORITY_NAME', 'MSAL_FORCE_REGION']) vi.stubEnv(name, region);
    await ask(azure());
    expect(entra.forms).toMatchObject([{ path: '/tenant-1/oauth2/v2.0/token', form: { client_id: 'client-1' } }]);
    expect(JSON.stringify(entra.forms)).not.toMatch(/westeurope|elsewhere/);
  });
});

/** By the credentials of this machine. */
const machine = () =>
  azure({ clientSecret: undefined, tenantId: undefined, clientId: undefined }, { credentials: 'default' });

describe('credentials: default', () => {
  it('is what Azure has put into the environment', async () => {
    vi.stubEnv('AZURE_TENANT_ID', 'tenant-2');
    vi.stubEnv('AZURE_CLIENT_ID', 'client-2');
    vi.stubEnv('AZURE_CLIENT_SECRET', 'secret-2');
    const provider = machine();
    expect((await ask(provider)).text).toBe('Hello');
    expect(entra.forms).toMatchObject([
      { path: expect.stringContaining('/tenant-2/'), form: { client_id: 'client-2' } },
    ]);
    minutes(2);
    revoked.add((api.requests[0]?.headers.authorization ?? '').replace('Bearer ', ''));
    expect((await ask(provider)).text).toBe('Hello');
  });

  it('is a bad key where there is nothing', async () => {
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
    const failure = await failureOf(ask(machine()));
    expect(failure).toMatchObject({ code: 'bad_key', detail: expect.stringContaining('credentials of this machine') });
  });
});

describe('no token', () => {
  it.each([
    [401, 'invalid_client', `AADSTS7000215: Invalid client secret provided: ${SECRET}.`, 'clientSecret is wrong'],
    [400, 'unauthorized_client', 'AADSTS700016: Application was not found in the directory.', 'check clientId'],
    [400, 'invalid_request', "AADSTS90002: Tenant 'tenant-1' not found.", 'check tenantId'],
    [400, 'invalid_request', 'AADSTS9: something new.', 'check the fields of entra'],
  ])('because of %i %s %s is a bad key, with what to do', async (status, error, description, fix) => {
    entra.refuse({ status, error, description });
    const failure = await failureOf(ask(azure()));
    expect(failure).toMatchObject({ code: 'bad_key', status, retryable: false, ref: { provider: 'azure-openai' } });
    expect(failure.detail).toContain(fix);
    expect(failure.detail).toContain(`${error} ${description.replace(SECRET, '[secret]')}`);
    expect(api.requests).toEqual([]);
  });

  it.each([
    [429, 'rate_limited', 7_000],
    [503, 'unavailable', undefined],
  ])('because of %i is %s, and another try gets one', async (status, code, retryAfterMs) => {
    entra.refuse({
      status,
      error: 'x',
      description: 'AADSTS1: slow',
      ...(retryAfterMs && { headers: { 'retry-after': '7' } }),
    });
    const provider = azure();
    expect(await failureOf(ask(provider))).toMatchObject({ code, retryable: true, retryAfterMs });
  });

  it('because nobody answers is unavailable', async () => {
    entra.refuse('hang up');
    const provider = azure();
    expect(await failureOf(ask(provider))).toMatchObject({ code: 'unavailable', retryable: true });
    entra.refuse(undefined);
    expect((await ask(provider)).text).toBe('Hello');
  });

  it('because a file is missing is a bad key that names it', async () => {
    const provider = azure({ clientSecret: undefined, tokenFile: join(folder, 'none') });
    const failure = await failureOf(ask(provider));
    expect(failure).toMatchObject({ code: 'bad_key', detail: expect.stringContaining(join(folder, 'none')) });
    expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: false, error: { code: 'bad_key' } });
  });
});
