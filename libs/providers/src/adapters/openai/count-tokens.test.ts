import { afterEach, describe, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { Provider } from '../../spec/provider.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';
import { createOpenAIProvider } from './provider.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const call: ModelCall = {
  ...say('hi'),
  settings: { maxTokens: 5 },
  tools: [{ name: 'f', parameters: { type: 'object' } }],
};

/** Answers by the path. */
const start = async (answers: Readonly<Record<string, object>>): Promise<LocalServer> =>
  (server = await startLocalServer(
    (response, { path }) => void response.writeHead(path in answers ? 200 : 404).end(JSON.stringify(answers[path])),
  ));

const responsesAt = (url: string): Provider =>
  createOpenAIProvider({
    kind: 'openai',
    id: 'openai',
    name: 'OpenAI',
    apiKey: 'sk-0123456789',
    wire: 'responses',
    baseUrl: `${url}/v1`,
    defaultModel: 'm',
    capabilities: [],
    keyConfig: { required: true, label: '', where: '' },
    counting: 'responses',
  });

describe('tokens', () => {
  it('are counted by OpenAI as it would read them', async () => {
    const { url, requests } = await start({ '/v1/responses/input_tokens': { input_tokens: 14 } });
    expect(await responsesAt(url).countTokens?.('gpt', call, noAbort())).toBe(14);
    expect(requests[0]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer sk-0123456789' } });
    expect(Object.keys(requests[0]?.body ?? {}).toSorted()).toEqual(['input', 'model', 'tools']);
    expect(requests[0]?.body).toMatchObject({ model: 'gpt', tools: [{ name: 'f' }] });
  });

  it.each(['/v1', '/v1/', ''])('are counted by vLLM, beside the base URL …%s', async (base) => {
    const { url, requests } = await start({ '/tokenize': { count: 9, max_model_len: 4096, tokens: [1] } });
    const [provider] = createProviders([{ kind: 'vllm', baseUrl: `${url}${base}`, apiKey: 'k' }]);
    expect(await provider?.countTokens?.('qwen', call, noAbort())).toBe(9);
    expect(requests[0]?.body).toEqual({
      model: 'qwen',
      messages: [{ role: 'user', content: 'hi' }],
      tools: [{ type: 'function', function: call.tools?.[0] }],
    });
  });

  it('are counted by llama.cpp in what its template makes of the call', async () => {
    const { url, requests } = await start({
      '/apply-template': { prompt: '<user>hi' },
      '/tokenize': { tokens: [1, 2, { id: 3, piece: 'x' }] },
    });
    const [provider] = createProviders([{ kind: 'llama-cpp', baseUrl: `${url}/v1` }]);
    expect(await provider?.countTokens?.('m', say('hi'), noAbort())).toBe(3);
    expect(requests.map(({ body }) => body)).toEqual([
      { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
      { content: '<user>hi', add_special: true, parse_special: true },
    ]);
  });

  it('are nobody’s to count at other servers', () => {
    const [openai, proxy, chat, groq] = createProviders([
      { kind: 'openai', apiKey: 'k' },
      { kind: 'openai', id: 'proxy', wire: 'responses', baseUrl: 'https://llm.example/v1' },
      { kind: 'openai', id: 'chat', wire: 'chat' },
      { kind: 'groq', apiKey: 'k' },
    ]);
    expect(openai?.countTokens).toBeInstanceOf(Function);
    for (const other of [proxy, chat, groq]) expect(other).not.toHaveProperty('countTokens');
  });

  it('that cannot be counted are an error', async () => {
    const { url } = await start({ '/v1/responses/input_tokens': {} });
    const provider = responsesAt(url);
    await expect(provider.countTokens?.('m', call, noAbort())).rejects.toMatchObject({ code: 'malformed_response' });
    const [vllm] = createProviders([{ kind: 'vllm', baseUrl: `${url}/other/v1` }]);
    await expect(vllm?.countTokens?.('m', call, noAbort())).rejects.toMatchObject({
      code: 'bad_request',
      ref: { provider: 'vllm', model: 'm' },
    });
  });
});
