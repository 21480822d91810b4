import { afterEach, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort } from '../../testing/prompts.js';
import { modelsOf } from './model-list.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const SHOWN: Readonly<Record<string, unknown>> = {
  'qwen3:8b': {
    capabilities: ['completion', 'tools', 'thinking'],
    model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960, 'qwen3.block_count': 36 },
    parameters: 'temperature                    0.6\ntop_k                          20\nstop "<|im_end|>"',
  },
  'mine:latest': {
    capabilities: ['completion'],
    model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
    parameters: 'num_ctx 8192',
  },
  'vectors:latest': { capabilities: ['embedding'], model_info: {} },
  'odd:latest': { capabilities: 'yes', model_info: 7, parameters: ['x'] },
};

async function ollama(more: object = {}) {
  const tags = [...Object.keys(SHOWN), 'gone:latest'].map((name) => ({ name, details: { family: 'any' } }));
  server = await startLocalServer((response, request) => {
    if (request.path === '/api/tags') return void response.end(JSON.stringify({ models: tags }));
    const shown = SHOWN[String(request.body['model'])];
    return void response.writeHead(shown ? 200 : 404).end(JSON.stringify(shown ?? { error: 'model not found' }));
  });
  const [provider] = createProviders([{ kind: 'ollama', baseUrl: server.url, ...more }]);
  return provider!;
}

it('says of each model what the server shows of it, and offers those that chat', async () => {
  const provider = await ollama();
  const models = [
    { id: 'qwen3:8b', contextWindow: 40_960, defaults: { temperature: 0.6, topK: 20 } },
    { id: 'mine:latest', contextWindow: 8_192 },
    { id: 'odd:latest' },
    { id: 'gone:latest' },
  ];
  expect(await provider.listModels(noAbort())).toEqual(models);
  // What was shown once is not asked again.
  const asked = server!.requests.length;
  expect(await provider.listModels(noAbort())).toEqual(models);
  expect(server!.requests.slice(asked).map(({ path }) => path)).toEqual(['/api/tags', '/api/show']);
});

it('asks for no details to see whether the server is there', async () => {
  const provider = await ollama();
  expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true });
  expect(server!.requests.map(({ path }) => path)).toEqual(['/api/tags']);
});

it('has the window that requests ask for', async () => {
  const provider = await ollama({ body: { options: { num_ctx: 16_384 } } });
  const [first] = await provider.listModels(noAbort());
  expect(first).toMatchObject({ contextWindow: 16_384 });
});

it.each([
  [{ name: 'nomic-embed-text:latest' }],
  [{ name: 'x', details: { family: 'nomic-bert', families: ['nomic-bert'] } }],
  [{ name: 'x', details: { family: 'llama', families: ['bert'] } }],
  [{ name: 'x', capabilities: ['embedding'] }],
])('does not offer %j', (entry) => {
  expect(modelsOf({ models: [entry, { name: 'llama3.2' }] })).toEqual([{ id: 'llama3.2' }]);
});
