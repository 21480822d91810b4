import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { createProviders } from './config.js';
import { providersFromEnvironment } from './environment.js';
import { defaultWire } from './adapters/openai/hosts.js';
import { generate } from './spec/generate.js';
import { startLocalServer } from './testing/local-server.js';
import { noAbort, say } from './testing/prompts.js';

/** Where a call to a local server goes. */
async function pathOf(config: { wire?: 'chat' | 'responses' }): Promise<string | undefined> {
  const server = await startLocalServer((response) => void response.writeHead(404).end());
  const [provider] = createProviders([{ kind: 'openai', baseUrl: server.url, ...config }]);
  await generate(provider!.model('m'), say('hi'), noAbort()).catch(() => undefined);
  await server.close();
  return server.requests[0]?.path;
}

describe('createProviders', () => {
  it.each([
    [{ kind: 'openai-compatible', id: 'a/b', baseUrl: 'http://x/v1', defaultModel: 'm' }],
    [{ kind: 'openai-compatible', id: 'a', baseUrl: 'ftp://x/v1', defaultModel: 'm' }],
    [{ kind: 'openai-compatible', id: 'a', baseUrl: 'http://x/v1?version=1', defaultModel: 'm' }],
    [{ kind: 'azure-openai', apiKey: 'k', endpoint: 'https://x/openai/deployments/d/chat/completions?api-version=1' }],
    [{ kind: 'openai-compatible', id: 'a', baseUrl: 'http://x/v1', defaultModel: '' }],
    [{ kind: 'openai', apiKey: ' ' }],
    [{ kind: 'demo', apiKey: 'x' }],
  ] as const)('refuses %j', (config) => {
    expect(() => createProviders([config])).toThrow(ZodError);
  });

  it('knows who needs a key', () => {
    const providers = createProviders([
      { kind: 'openai' },
      { kind: 'openai', id: 'own', baseUrl: 'http://localhost/v1' },
      { kind: 'demo' },
    ]);
    expect(providers.map(({ keyConfig }) => keyConfig.required)).toEqual([true, false, false]);
  });

  it('speaks responses at OpenAI and chat completions elsewhere, unless configured otherwise', async () => {
    expect(await pathOf({})).toBe('/chat/completions');
    expect(await pathOf({ wire: 'chat' })).toBe('/chat/completions');
    expect(await pathOf({ wire: 'responses' })).toBe('/responses');
  });

  it.each([
    ['https://api.openai.com/v1', 'responses'],
    ['https://eu.api.openai.com/v1', 'responses'],
    ['https://api.openai.com.example.org/v1', 'chat'],
    ['http://localhost:8000/v1', 'chat'],
  ])('speaks to %s by %s', (url, wire) => {
    expect(defaultWire(url)).toBe(wire);
  });

  it('makes several of one kind', () => {
    const twice = [
      { kind: 'openai', id: 'one' },
      { kind: 'openai', id: 'two' },
    ] as const;
    expect(createProviders(twice).map(({ id }) => id)).toEqual(['one', 'two']);
  });
});

describe('providersFromEnvironment', () => {
  it('gives demo when there is nothing', () => {
    expect(providersFromEnvironment({})).toEqual([{ kind: 'demo', id: 'demo' }]);
    expect(providersFromEnvironment({ OPENAI_API_KEY: ' ', OPENAI_BASE_URL: '' })).toEqual([
      { kind: 'demo', id: 'demo' },
    ]);
  });

  it('takes a key alone', () => {
    expect(providersFromEnvironment({ OPENAI_API_KEY: 'sk-1\n' })).toEqual([
      {
        kind: 'openai',
        id: 'openai',
        apiKey: 'sk-1',
        baseUrl: 'https://api.openai.com/v1',
        defaultModel: 'gpt-5.4-mini',
      },
    ]);
  });

  it('takes a base URL alone, for a server that wants no key', () => {
    const [config] = providersFromEnvironment({ OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1/' });
    expect(config).toMatchObject({ kind: 'openai', baseUrl: 'http://127.0.0.1:8000/v1/' });
    expect(config).not.toHaveProperty('apiKey', expect.anything());
  });

  it('names the variable that is wrong', () => {
    const wrong = { OPENAI_BASE_URL: 'localhost:8000' };
    expect(() => providersFromEnvironment(wrong)).toThrow(
      expect.objectContaining({
        issues: [expect.objectContaining({ path: ['OPENAI_BASE_URL'], message: 'must be an http(s) URL' })],
      }),
    );
  });
});
