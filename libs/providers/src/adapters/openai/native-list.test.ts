import { afterEach, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../../config.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort } from '../../testing/prompts.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

/** What the server answers by path; 404 for any other. */
async function at(answers: Readonly<Record<string, unknown>>, config: (url: string) => ProviderConfigInput) {
  server = await startLocalServer((response, { path }) => {
    const answer = answers[path];
    if (typeof answer === 'number') return void response.writeHead(answer).end('{"error":{"message":"no"}}');
    return void response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? { error: 'none' }));
  });
  const [provider] = createProviders([config(server.url)]);
  return provider!.listModels(noAbort());
}

const gemini = (url: string): ProviderConfigInput => ({
  kind: 'gemini',
  apiKey: 'k-0123456789',
  baseUrl: `${url}/v1beta/openai/`,
});
const lmStudio = (url: string): ProviderConfigInput => ({ kind: 'lm-studio', baseUrl: `${url}/v1` });
const NATIVE = '/v1beta/models?pageSize=1000';
const COMPATIBLE = '/v1beta/openai/models';

it('Gemini says by its own API what its models are', async () => {
  const models = [
    { name: 'models/gemini-a', inputTokenLimit: 1_000, supportedGenerationMethods: ['generateContent'] },
    { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
  ];
  expect(await at({ [NATIVE]: { models } }, gemini)).toEqual([{ id: 'gemini-a', contextWindow: 1_000 }]);
  const [{ headers }] = server!.requests as [LocalServer['requests'][number]];
  expect(headers).toMatchObject({ 'x-goog-api-key': 'k-0123456789' });
  expect(headers).not.toHaveProperty('authorization');
});

it.each([undefined, { object: 'error' }, { models: [] }])(
  'a server in front of it that answers %j there is asked as any other',
  async (answer) => {
    const data = [{ id: 'models/gemini-a' }, { id: 'models/gemini-2.5-flash-preview-tts' }];
    expect(await at({ [NATIVE]: answer, [COMPATIBLE]: { data } }, gemini)).toEqual([{ id: 'gemini-a' }]);
    expect(server!.requests.at(-1)?.headers).toMatchObject({ authorization: 'Bearer k-0123456789' });
  },
);

it('a refused key is not asked about twice', async () => {
  await expect(at({ [NATIVE]: 401 }, gemini)).rejects.toMatchObject({ code: 'bad_key' });
  expect(server!.requests).toHaveLength(1);
});

it('LM Studio says what its models are for', async () => {
  const data = [
    { id: 'qwen3-8b', type: 'llm', max_context_length: 40_960 },
    { id: 'vectors', type: 'embeddings' },
  ];
  expect(await at({ '/api/v0/models': { data } }, lmStudio)).toEqual([{ id: 'qwen3-8b', contextWindow: 40_960 }]);
});
