import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../config.js';
import { generate } from '../spec/generate.js';
import { type LocalServer, type SeenRequest, startLocalServer } from '../testing/local-server.js';
import { noAbort, say } from '../testing/prompts.js';

const NODE_MODULES = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));
const SDKS = ['openai', '@anthropic-ai/sdk', '@anthropic-ai/bedrock-sdk', '@anthropic-ai/vertex-sdk', 'cohere-ai'];

/** What the constructors read in a way that the pattern below does not see, and what Node itself or a shell reads. */
const ALSO_READ = ['CO_API_KEY', 'CO_API_URL', 'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];
const NOT_PLANTED = /^(PATH|HOME|APPDATA|USERPROFILE|NODE_\w+|DEBUG)$/;
const READ = /(?:readEnv\)?\(|process\.env\??[.[])['"]?([A-Z][A-Z_0-9]+)/g;

/** Every variable that the published code of the SDKs reads, so that those of a later version are in the test, too. */
function variablesReadBy(name: string): string[] {
  const files = readdirSync(NODE_MODULES + name, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.js') && !/(^|\/)(src|tests?|node_modules)\//.test(file))
    .flatMap((file) => [...readFileSync(`${NODE_MODULES}${name}/${file}`, 'utf8').matchAll(READ)])
    .map(([, variable]) => variable as string);
}

const variables = [...new Set([...SDKS.flatMap(variablesReadBy), ...ALSO_READ])].filter(
  (name) => !NOT_PLANTED.test(name),
);

/** A value that is recognised wherever it turns up, and that is valid where its variable is a URL or a list of headers. */
function plantedIn(name: string): string {
  if (/URL|ENDPOINT|PROXY|HOST$/.test(name)) return `http://127.0.0.1:9/planted-${name}`;
  return /HEADERS/.test(name) ? `x-planted: planted-${name}\nauthorization: planted-${name}` : `planted-${name}`;
}

const CHAT = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const RESPONSES = `data: ${JSON.stringify({ type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'm', delta: 'Hi' })}\n\ndata: ${JSON.stringify({ type: 'response.completed', response: { status: 'completed', output: [] } })}\n\n`;
const MESSAGES = [
  { type: 'message_start', message: { id: 'm', content: [] } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hi' } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
  { type: 'message_stop' },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
const COHERE = [
  { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
  { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Hi' } } } },
  { type: 'message-end', delta: { finish_reason: 'COMPLETE' } },
].map((event) => `data: ${JSON.stringify(event)}\n\n`);

const OURS = ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host'];
const KEY = 'key-0123456789';

interface Wire {
  readonly answer: string;
  readonly entryAt: (url: string) => ProviderConfigInput;
  readonly path: string;
  /** The headers besides those of every request. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** The version is the SDK's to choose. */
const A_DATE: unknown = expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/);

const bearer = { authorization: `Bearer ${KEY}` };

const WIRES: Readonly<Record<string, Wire>> = {
  openai: {
    answer: RESPONSES,
    entryAt: (url) => ({ kind: 'openai', apiKey: KEY, baseUrl: `${url}/v1`, wire: 'responses' }),
    path: '/v1/responses',
    own: bearer,
  },
  'openai, chat completions': {
    answer: CHAT,
    entryAt: (url) => ({ kind: 'openai', apiKey: KEY, baseUrl: `${url}/v1` }),
    path: '/v1/chat/completions',
    own: bearer,
  },
  'a compatible server without a key': {
    answer: CHAT,
    entryAt: (url) => ({ kind: 'vllm', baseUrl: `${url}/v1` }),
    path: '/v1/chat/completions',
    own: {},
  },
  gateway: {
    answer: CHAT,
    entryAt: (url) => ({ kind: 'gateway', apiKey: KEY, baseUrl: url, path: '/api/chat', defaultModel: 'm' }),
    path: '/api/chat',
    own: bearer,
  },
  azure: {
    answer: CHAT,
    entryAt: (url) => ({ kind: 'azure-openai', apiKey: KEY, endpoint: url }),
    path: '/openai/v1/chat/completions',
    own: { 'api-key': KEY },
  },
  'azure by version': {
    answer: CHAT,
    entryAt: (url) => ({ kind: 'azure-openai', apiKey: KEY, endpoint: url, apiVersion: '2024-10-21' }),
    path: '/openai/deployments/m/chat/completions?api-version=2024-10-21',
    own: { 'api-key': KEY },
  },
  anthropic: {
    answer: MESSAGES.join(''),
    entryAt: (url) => ({ kind: 'anthropic', apiKey: KEY, baseUrl: url }),
    path: '/v1/messages',
    own: { 'x-api-key': KEY, 'anthropic-version': A_DATE },
  },
  'an Anthropic-compatible server without a key': {
    answer: MESSAGES.join(''),
    entryAt: (url) => ({ kind: 'anthropic', baseUrl: url }),
    path: '/v1/messages',
    own: { 'anthropic-version': A_DATE },
  },
  bedrock: {
    answer: MESSAGES.join(''),
    entryAt: (url) => ({ kind: 'bedrock', region: 'us-east-1', apiKey: KEY, baseUrl: url }),
    path: '/model/m/invoke-with-response-stream',
    own: bearer,
  },
  'bedrock, signed': {
    answer: MESSAGES.join(''),
    entryAt: (url) => ({
      kind: 'bedrock',
      region: 'us-east-1',
      accessKeyId: 'AKIA',
      secretAccessKey: KEY,
      baseUrl: url,
    }),
    path: '/model/m/invoke-with-response-stream',
    own: {
      authorization: expect.stringContaining('Credential=AKIA/'),
      'x-amz-content-sha256': expect.any(String),
      'x-amz-date': expect.any(String),
    },
  },
  vertex: {
    answer: MESSAGES.join(''),
    entryAt: (url) => ({ kind: 'vertex', projectId: 'p', region: 'eu', accessToken: KEY, baseUrl: `${url}/v1` }),
    path: '/v1/projects/p/locations/eu/publishers/anthropic/models/m:streamRawPredict',
    own: bearer,
  },
  cohere: {
    answer: COHERE.join(''),
    entryAt: (url) => ({ kind: 'cohere', apiKey: KEY, baseUrl: url }),
    path: '/v2/chat',
    own: bearer,
  },
};

/** The headers that are not those of every request. */
function ownHeaders({ headers }: SeenRequest): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.includes(name)));
}

describe('what an SDK adds to a request', () => {
  let server: LocalServer | undefined;

  beforeEach(() => {
    for (const name of variables) vi.stubEnv(name, plantedIn(name));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server?.close();
    server = undefined;
  });

  it('is looked for with the variables that the SDKs read', () => {
    expect(variables).toEqual(
      expect.arrayContaining([
        'OPENAI_CUSTOM_HEADERS',
        'OPENAI_ORG_ID',
        'ANTHROPIC_CUSTOM_HEADERS',
        'ANTHROPIC_AUTH_TOKEN',
        'AWS_BEARER_TOKEN_BEDROCK',
        'ANTHROPIC_VERTEX_PROJECT_ID',
      ]),
    );
  });

  it.each(Object.entries(WIRES))('%s: nothing but its authentication and version', async (_, wire) => {
    server = await startLocalServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(wire.answer);
    });
    const [provider] = createProviders([wire.entryAt(server.url)]);
    const { text } = await generate(provider!.model('m'), say('hi'), noAbort());
    expect(text).toBe('Hi');
    const [request] = server.requests;
    expect(request?.path).toBe(wire.path);
    expect(ownHeaders(request!)).toEqual(wire.own);
    expect(JSON.stringify([request?.path, request?.headers, request?.body])).not.toContain('planted');
  });
});
