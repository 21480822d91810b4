import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Format } from '../recordings/expected.js';
import { loadRecordings } from '../recordings/recording.js';
import { OWN_RECORDINGS } from '../recordings/folders.js';
import { type ReplayServer, startReplayServer } from './server.js';

// The server that proves the adapters must itself be proven: it plays the bytes as they are, does what its knobs say, and
// refuses what the servers refuse.

const recordings = loadRecordings(OWN_RECORDINGS);
const fileOf = (id: string): Buffer => readFileSync(recordings.find((one) => one.id === id)!.file);

let server: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer(recordings);
});
afterAll(() => server.close());

const KEYS = { authorization: 'Bearer x123', 'x-api-key': 'x123', 'anthropic-version': '2023-06-01' };

function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...KEYS, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal,
  });
}

const TEXT = 'openai-chat/text';
const hello = { role: 'user', content: 'hi' };

/** A recorded stream of chat completions, by its knobs. */
const stream = (knobs: string, id = TEXT): Promise<Response> =>
  post('/openai-chat/chat/completions', { model: `fixture:${id}?${knobs}`, messages: [hello], stream: true });

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

const PATHS: Readonly<Record<Format, string>> = {
  'openai-chat': 'v1/chat/completions',
  'openai-responses': 'v1/responses',
  'anthropic-messages': 'v1/messages',
  'cohere-v2-chat': 'v2/chat',
  'ollama-chat': 'api/chat',
  'hf-tgi': 'generate_stream',
};

it.each(recordings)('$id is played byte by byte', async ({ id, wire, format, http }) => {
  const response = await post(`/${wire}/${PATHS[format]}`, {}, { 'x-fixture': `${id}?force=1&split=bytes` });
  expect([response.status, response.headers.get('x-replay-fixture')]).toEqual([http.status, id]);
  expect(await bytesOf(response)).toEqual(fileOf(id));
});

describe('a knob', () => {
  it.each(['split=bytes', 'split=bytes&seed=7', 'split=utf8', 'split=3', 'gzip=1', 'delay=1&first=5&head=5'])(
    '%s leaves the bytes as they are',
    async (knobs) => {
      expect(await bytesOf(await stream(knobs))).toEqual(fileOf(TEXT));
    },
  );

  it.each([
    ['crlf=1', (text: string) => text.replaceAll('\n', '\r\n')],
    ['bom=1', (text: string) => `\uFEFF${text}`],
    ['nodone=1', (text: string) => text.replace('data: [DONE]\n\n', '')],
    ['trunc=20', (text: string) => text.slice(0, -20)],
    ['garbage=0', (text: string) => `data: {"broken": tru\n\n${text}`],
    ['garbage=0&garbage_kind=html', (text: string) => `<html><body><h1>502 Bad Gateway</h1></body></html>\n\n${text}`],
    ['ping=1', (text: string) => text.replaceAll(/^data/gm, ': keep-alive\n\ndata')],
  ])('%s changes them so', async (knobs, change) => {
    const played = await bytesOf(await stream(knobs));
    expect(played.toString('utf8')).toBe(change(fileOf(TEXT).toString('utf8')));
  });

  it('ctype=text/html says that it is a page', async () => {
    const response = await stream('ctype=text/html');
    expect(response.headers.get('content-type')).toBe('text/html');
    await response.body?.cancel();
  });

  it('cut=2 breaks the connection after two frames, cut=0 before any header', async () => {
    await expect(bytesOf(await stream('cut=2'))).rejects.toThrow('terminated');
    expect(server.journal.at(-1)).toMatchObject({ frames: 2, aborted: false });
    await expect(stream('cut=0&reset=1')).rejects.toThrow('fetch failed');
  });

  it('hang=2 sends nothing more, and the journal tells who hung up', async () => {
    const abort = new AbortController();
    const { model, messages } = { model: `fixture:${TEXT}?hang=2`, messages: [hello] };
    const response = await post('/openai-chat/chat/completions', { model, messages, stream: true }, {}, abort.signal);
    const reader = response.body!.getReader();
    await reader.read();
    const rest = reader.read().then(() => reader.read());
    setTimeout(() => abort.abort(), 30);
    await expect(rest).rejects.toThrow('aborted');
    await expect.poll(() => server.journal.at(-1)).toMatchObject({ frames: 2, aborted: true });
  });

  it('status=429 fails so often, and asks to wait', async () => {
    const knobs = 'status=429&times=2&retry_after=3&retry_after_ms=40';
    const first = await stream(knobs);
    const headers = [first.headers.get('retry-after'), first.headers.get('retry-after-ms')];
    const second = await stream(knobs);
    const third = await stream(knobs);
    expect([first.status, second.status, third.status, ...headers]).toEqual([429, 429, 200, '3', '40']);
  });
});

const call = (id = 'call_1') => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
});
const result = (id = 'call_1') => ({ role: 'tool', tool_call_id: id, content: 'x' });
const use = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] };
const used = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' }] };

const CHAT = { model: 'fixture:openai-chat/text-whole', messages: [hello] };
const MESSAGES = { model: 'fixture:anthropic-messages/text-whole', max_tokens: 5, messages: [hello] };
const RESPONSES = { model: 'fixture:openai-responses/text-whole', input: 'hi' };
const COHERE = { model: 'fixture:cohere-v2-chat/text-whole', messages: [hello] };
const OLLAMA = { model: 'fixture:ollama-chat/text-whole', messages: [hello], stream: false };
const MISTRAL = { model: 'fixture:mistral/references-whole', messages: [hello] };

/** What a request is, its path and body, the status that it gets, and headers of its own. */
type Request = readonly [what: string, path: string, body: unknown, status: number, headers?: Record<string, string>];

const REQUESTS: readonly Request[] = [
  ['a chat completion', '/v1/chat/completions', CHAT, 200],
  ['no key', '/v1/chat/completions', CHAT, 401, { authorization: '', 'x-api-key': '' }],
  ['any other model, which the default recording answers', '/v1/chat/completions', { ...CHAT, model: 'gpt-4o' }, 200],
  ['an unknown recording', '/v1/chat/completions', { ...CHAT, model: 'fixture:openai-chat/none' }, 404],
  ['a stream of a whole answer', '/v1/chat/completions', { ...CHAT, stream: true }, 500],
  ['an unknown field', '/v1/chat/completions', { ...CHAT, top_k: 3 }, 400],
  ['a call with its result', '/v1/chat/completions', { ...CHAT, messages: [hello, call(), result()] }, 200],
  ['a result without its call', '/v1/chat/completions', { ...CHAT, messages: [hello, result()] }, 400],
  ['a call without its result', '/v1/chat/completions', { ...CHAT, messages: [hello, call(), hello] }, 400],
  ['no tools at all', '/v1/chat/completions', { ...CHAT, tools: [] }, 400],
  ['a choice of no tools', '/v1/chat/completions', { ...CHAT, tool_choice: 'auto' }, 400],
  ['null for content', '/v1/chat/completions', { ...CHAT, messages: [{ role: 'user', content: null }] }, 400],
  ['stream options without a stream', '/v1/chat/completions', { ...CHAT, stream_options: {} }, 400],
  ['what is no JSON', '/v1/chat/completions', '{nope', 400],
  ['text that is no JSON by its type', '/v1/chat/completions', CHAT, 415, { 'content-type': 'text/plain' }],
  ['a path that does not exist', '/v1/completions', CHAT, 404],
  [
    'a long id of a call at Mistral',
    '/mistral/chat/completions',
    { ...MISTRAL, messages: [hello, call(), result()] },
    400,
  ],
  [
    'an answer as the last message at Mistral',
    '/mistral/chat/completions',
    { ...MISTRAL, messages: [hello, { role: 'assistant', content: 'a' }] },
    400,
  ],
  ['a message', '/v1/messages', MESSAGES, 200],
  ['no version', '/v1/messages', MESSAGES, 400, { 'anthropic-version': '' }],
  ['no limit', '/v1/messages', { ...MESSAGES, max_tokens: undefined }, 400],
  ['a system message', '/v1/messages', { ...MESSAGES, messages: [{ role: 'system', content: 's' }, hello] }, 400],
  ['the assistant first', '/v1/messages', { ...MESSAGES, messages: [{ role: 'assistant', content: 's' }, hello] }, 400],
  ['one role twice', '/v1/messages', { ...MESSAGES, messages: [hello, hello] }, 200],
  [
    'an empty text',
    '/v1/messages',
    { ...MESSAGES, messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
    400,
  ],
  ['a use with its result', '/v1/messages', { ...MESSAGES, messages: [hello, use, used] }, 200],
  ['a use without its result', '/v1/messages', { ...MESSAGES, messages: [hello, use, hello] }, 400],
  [
    'a result without its use',
    '/v1/messages',
    { ...MESSAGES, messages: [hello, { role: 'assistant', content: 'a' }, used] },
    400,
  ],
  ['a field that Anthropic does not know', '/v1/messages', { ...MESSAGES, n: 1 }, 400],
  [
    'a budget above the limit',
    '/v1/messages',
    { ...MESSAGES, thinking: { type: 'enabled', budget_tokens: 1024 } },
    400,
  ],
  ['a tool without a type', '/v1/messages', { ...MESSAGES, tools: [{ name: 'f', input_schema: {} }] }, 400],
  ['a response', '/v1/responses', RESPONSES, 200],
  ['messages', '/v1/responses', { model: RESPONSES.model, messages: [hello] }, 400],
  [
    'a part of chat completions',
    '/v1/responses',
    { ...RESPONSES, input: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] },
    400,
  ],
  [
    'an output without its call',
    '/v1/responses',
    { ...RESPONSES, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] },
    400,
  ],
  ['a chat with Cohere', '/v2/chat', COHERE, 200],
  ['a field that Cohere does not know', '/v2/chat', { ...COHERE, top_p: 1 }, 422],
  ['an object for content', '/v2/chat', { ...COHERE, messages: [{ role: 'user', content: { a: 1 } }] }, 400],
  ['a chat with Ollama, without a key', '/api/chat', OLLAMA, 200, { authorization: '', 'x-api-key': '' }],
  ['a list for content', '/api/chat', { ...OLLAMA, messages: [{ role: 'user', content: [] }] }, 400],
  ['an unknown model at Ollama', '/api/chat', { ...OLLAMA, model: 'fixture:ollama-chat/none' }, 404],
  ['a generation', '/generate', { inputs: 'x' }, 200],
  ['no input', '/generate', {}, 422],
];

const requests = REQUESTS.map(([what, path, body, status, headers]) => ({ what, path, body, status, headers }));

it.each(requests)('a request with $what gets $status', async ({ path, body, status, headers }) => {
  const response = await post(path, body, headers);
  await response.arrayBuffer();
  expect(response.status).toBe(status);
});

const list = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();

it('lists the recordings as models, in the words of each wire', async () => {
  expect(await list('/openai-chat/models')).toMatchObject({
    data: expect.arrayContaining([expect.objectContaining({ id: `fixture:${TEXT}` })]),
  });
  expect(await list('/anthropic-messages/v1/models')).toMatchObject({ has_more: false });
  expect(await list('/cohere-v2-chat/v1/models')).toMatchObject({ models: expect.any(Array) });
  expect(await list('/api/tags')).toMatchObject({ models: expect.any(Array) });
});

it('writes down what it saw, without the key', async () => {
  await (await post('/v1/chat/completions', CHAT)).arrayBuffer();
  const entry = server.journal.at(-1)!;
  expect(entry).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: CHAT, status: 200, frames: 1 });
  expect(JSON.stringify(entry.headers)).not.toContain('x123');
});
