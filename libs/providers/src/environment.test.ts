import { describe, expect, it } from 'vitest';
import { createProviders, ProviderConfig } from './config.js';
import { providersOf } from './config-file-providers.js';
import { providersFromEnvironment } from './environment.js';
import { ProviderError } from './spec/provider-error.js';
import { toldIssues } from './testing/told-issues.js';

const problemsIn = (env: Record<string, string>) => providersOf([], env).problems;

describe('variables', () => {
  it.each([
    [{ HF_TOKEN: 'hf_1' }, { kind: 'huggingface', apiKey: 'hf_1', api: 'chat' }],
    [{ HF_BASE_URL: 'http://127.0.0.1:8080/v1' }, { kind: 'huggingface', baseUrl: 'http://127.0.0.1:8080/v1' }],
    [{ OLLAMA_BASE_URL: 'http://127.0.0.1:11434/v1' }, { kind: 'ollama', defaultModel: 'llama3.2' }],
    [
      { OLLAMA_BASE_URL: 'http://127.0.0.1:1', OLLAMA_MODEL: 'qwen3' },
      { kind: 'ollama', defaultModel: 'qwen3' },
    ],
    [{ OLLAMA_API_KEY: 'alone' }, { kind: 'demo' }],
    [
      { GROQ_API_KEY: 'k', GROQ_MODEL: 'a/b' },
      { kind: 'groq', defaultModel: 'a/b' },
    ],
    [
      { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com', AZURE_OPENAI_DEPLOYMENT: 'd' },
      { kind: 'azure-openai', endpoint: 'https://x.openai.azure.com', defaultModel: 'd' },
    ],
    [{ AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com' }, { kind: 'demo' }],
  ])('%j enable %j', (env, config) => {
    expect(providersFromEnvironment(env)).toEqual([expect.objectContaining(config)]);
  });

  it('enable any number of providers', () => {
    const env = { OPENAI_API_KEY: 'a', XAI_API_KEY: 'b', VLLM_BASE_URL: 'http://127.0.0.1:8000/v1' };
    expect(providersFromEnvironment(env).map(({ kind }) => kind)).toEqual(['openai', 'xai', 'vllm']);
  });

  it('that are wrong are said all at once', () => {
    const wrong = {
      OPENAI_BASE_URL: 'localhost',
      OLLAMA_BASE_URL: 'ftp://x',
      AZURE_OPENAI_API_KEY: 'k',
      AZURE_OPENAI_API_VERSION: 'latest',
      GROQ_API_KEY: 'k',
    };
    expect(problemsIn(wrong)).toEqual([
      'OPENAI_BASE_URL: must be an http(s) URL',
      'OLLAMA_BASE_URL: must be an http(s) URL',
      'AZURE_OPENAI_ENDPOINT: is needed for azure-openai',
      'AZURE_OPENAI_API_VERSION: must be a date, as in 2024-10-21 or 2025-03-01-preview',
    ]);
  });

  it('are said to be wrong once', () => {
    const wrong = { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'x.openai.azure.com' };
    expect(problemsIn(wrong)).toEqual(['AZURE_OPENAI_ENDPOINT: must be an http(s) URL']);
  });
});

describe('a config file', () => {
  const azure = { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com' };

  it('takes what it leaves out from the variables', () => {
    const { configs, problems, issues } = providersOf([{ kind: 'azure-openai', models: ['a'] }, { kind: 'groq' }], {
      ...azure,
      GROQ_API_KEY: 'g',
      GROQ_BASE_URL: 'http://127.0.0.1/v1',
    });
    expect([...problems, ...issues]).toEqual([]);
    expect(configs).toMatchObject([
      { kind: 'azure-openai', apiKey: 'k', endpoint: azure.AZURE_OPENAI_ENDPOINT, models: ['a'] },
      { kind: 'groq', apiKey: 'g', baseUrl: 'http://127.0.0.1/v1' },
    ]);
  });

  it('sends the key of a variable nowhere under another id or kind', () => {
    const { configs } = providersOf(
      [
        { kind: 'groq', id: 'other', baseUrl: 'http://127.0.0.1/v1' },
        { kind: 'openai-compatible', id: 'groq', baseUrl: 'http://127.0.0.1/v1', defaultModel: 'm' },
      ],
      { GROQ_API_KEY: 'g' },
    );
    expect(configs).toHaveLength(2);
    expect(JSON.stringify(configs)).not.toContain('apiKey');
  });

  it('says what is wrong with its entries and with the variables together', () => {
    const { problems, issues } = providersOf([{ kind: 'groq', baseUrl: 'nowhere' }], { OPENAI_BASE_URL: 'x' });
    expect([...problems, ...toldIssues(issues)]).toEqual([
      'OPENAI_BASE_URL: must be an http(s) URL',
      'providers[0].baseUrl: must be an http(s) URL',
    ]);
  });
});

describe('onlyListed', () => {
  const listed = { kind: 'groq' as const, models: ['a/b', 'c'], defaultModel: 'c', onlyListed: true };

  it('refuses every other model, naming those that are allowed', async () => {
    const [provider] = createProviders([listed]);
    expect(provider!.model('a/b').ref.model).toBe('a/b');
    expect(await provider!.listModels(new AbortController().signal)).toEqual([{ id: 'a/b' }, { id: 'c' }]);
    const refused = () => provider!.model('d');
    expect(refused).toThrow(ProviderError);
    expect(refused).toThrow(
      expect.objectContaining({ code: 'model_unknown', detail: expect.stringContaining('a/b, c') }),
    );
  });

  it('lets any model through where it is not set', () => {
    const [provider] = createProviders([{ kind: 'groq', models: ['a'] }]);
    expect(provider!.model('anything').ref.model).toBe('anything');
  });

  it.each([
    [{ ...listed, models: undefined }, 'needs models'],
    [{ ...listed, defaultModel: 'd' }, 'needs the default model among models'],
  ])('%j %s', (config, message) => {
    expect(ProviderConfig.safeParse(config).error?.issues).toEqual([
      expect.objectContaining({ path: ['onlyListed'], message }),
    ]);
  });
});
