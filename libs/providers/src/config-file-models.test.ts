import { describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from './config.js';
import { modelSettingsOf } from './config-file-models.js';
import { referenceIssues } from './config-file-references.js';
import { createRegistry } from './registry.js';
import { callRules } from './policies/call-rules.js';
import { POLICY_DEFAULTS } from './spec/policy-config.js';
import { toldIssues } from './testing/told-issues.js';

const providers: ProviderConfigInput[] = [
  { kind: 'openai', apiKey: 'sk-1' },
  { kind: 'groq', id: 'fast', apiKey: 'k', models: ['openai/gpt-oss-120b'], onlyListed: true },
];

const problemsIn = (models: Record<string, unknown>, deadlines: unknown = {}) =>
  toldIssues([
    ...modelSettingsOf({ models, deadlines }, providers).issues,
    ...referenceIssues({ models, providers }, providers, {}),
  ]);

describe('public names', () => {
  it('may be long, with everything that can be said', () => {
    const smart = {
      model: 'openai/gpt-5.4',
      fallback: ['quick', 'fast/openai/gpt-oss-120b'],
      afterFirstToken: 'fail',
      price: { input: 1, output: 2, cachedInput: 0.1, cacheWriteInput: 1.25 },
      contextWindow: 400_000,
      limits: { requestsPerMinute: 60, tokensPerMinute: 100_000, concurrency: 5, burst: 0.5 },
      retry: { attempts: 1, firstWaitMs: 10, maxWaitMs: 100 },
      breaker: { failures: 1, openMs: 10 },
      deadlines: { queueMs: 1, firstTokenMs: 1, idleMs: 1, totalMs: 1 },
    };
    const models = { smart, quick: 'openai/gpt-5.4-mini' };
    expect(modelSettingsOf({ models, deadlines: { idleMs: 5 } }, providers)).toEqual({
      names: models,
      deadlines: { idleMs: 5 },
      runMs: 1_800_000,
      issues: [],
    });
  });

  it.each([
    ['half an hour', {}, {}, 1_800_000],
    ['three times the longest call that the file allows', { totalMs: 5_000 }, {}, 15_000],
    ['or that a name allows', { totalMs: 5_000 }, { totalMs: 60_000 }, 180_000],
    ['what the file says', { totalMs: 5_000, runMs: 7 }, {}, 7],
  ])('a run may take %s', (_, deadlines, ofName, expected) => {
    const models = { slow: { model: 'openai/x', deadlines: ofName } };
    const { runMs, deadlines: ofCalls, issues } = modelSettingsOf({ models, deadlines }, providers);
    expect([runMs, issues]).toEqual([expected, []]);
    expect(ofCalls).not.toHaveProperty('runMs');
  });

  it.each([
    [{ smart: { model: '' } }, /^models\.smart\.model: /],
    [{ smart: { model: 'openai/x', fallbacks: [] } }, /^models\.smart: .*fallbacks/],
    [{ smart: { model: 'openai/x', limits: { burst: 2 } } }, /^models\.smart\.limits\.burst: /],
    [{ smart: { model: 'openai/x', deadlines: { idleMs: 2 ** 31 } } }, /^models\.smart\.deadlines\.idleMs: /],
    [{ smart: { model: 'openai/x', breaker: true } }, /^models\.smart\.breaker: /],
    [
      { smart: { model: 'openai/x', fallback: ['nobody/x'] } },
      /^models\.smart\.fallback\.0: .*nobody\/x.*openai, fast/,
    ],
    [{ smart: { model: 'openai/x', fallback: ['typo'] } }, /^models\.smart\.fallback\.0: no provider for "typo"/],
    [{ smart: { model: 'openai/x', fallback: ['openai'] } }, /^models\.smart\.fallback\.0: .*openai\/<model>/],
    [
      { smart: { model: 'openai/x', fallback: ['openai/y', 'fast/y'] } },
      /^models\.smart\.fallback\.1: .*only the models/,
    ],
  ])('%j is refused by its path', (models, words) => {
    expect(problemsIn(models)).toEqual([expect.stringMatching(words)]);
  });

  it('have deadlines for all, which are checked', () => {
    expect(problemsIn({}, { firstToken: 1, idleMs: 0 })).toEqual([
      expect.stringMatching(/^deadlines\.idleMs: /),
      expect.stringMatching(/^deadlines: .*firstToken/),
    ]);
  });
});

const named = (settings: object) => ({ name: 'n', settings: { model: 'openai/x', ...settings } });

describe('how a model is called', () => {
  const [hosted, local] = createProviders([
    { kind: 'openai', apiKey: 'k', deadlines: { idleMs: 7 }, retry: { attempts: 9 }, breaker: false },
    { kind: 'ollama' },
  ]) as [ReturnType<typeof createProviders>[number], ReturnType<typeof createProviders>[number]];

  it('is the defaults where nobody says anything', () => {
    const { retry, breaker, deadlines, localDeadlines } = POLICY_DEFAULTS;
    const [plain] = createProviders([{ kind: 'openai', apiKey: 'k' }]);
    expect(callRules(plain!, undefined, undefined)).toEqual({
      limits: [],
      retry,
      breaker,
      deadlines,
      defaults: { settings: {}, body: {} },
    });
    expect(callRules(local, undefined, undefined).deadlines).toEqual(localDeadlines);
  });

  it('is what the name says, then the provider, then the installation', () => {
    const rules = callRules(hosted, named({ deadlines: { totalMs: 1 }, breaker: { failures: 1 } }), {
      idleMs: 2,
      firstTokenMs: 3,
      totalMs: 4,
    });
    expect(rules).toMatchObject({
      deadlines: { queueMs: POLICY_DEFAULTS.deadlines.queueMs, firstTokenMs: 3, idleMs: 7, totalMs: 1 },
      retry: { attempts: 9, firstWaitMs: 500 },
      breaker: { failures: 1, openMs: 2_000, maxOpenMs: 30_000 },
    });
    expect(callRules(hosted, undefined, undefined).breaker).toBeUndefined();
    expect(callRules(local, named({ breaker: false }), undefined).breaker).toBeUndefined();
    expect(callRules(local, undefined, { firstTokenMs: 3 }).deadlines.firstTokenMs).toBe(3);
  });

  it.each<[ProviderConfigInput, boolean]>([
    [{ kind: 'ollama', baseUrl: 'https://ollama.example' }, true],
    [{ kind: 'vllm', baseUrl: 'http://10.0.0.1:8000/v1' }, true],
    [{ kind: 'lm-studio' }, true],
    [{ kind: 'llama-cpp' }, true],
    [{ kind: 'text-generation-webui' }, true],
    [{ kind: 'huggingface', api: 'text-generation-inference', baseUrl: 'http://10.0.0.1' }, true],
    [{ kind: 'huggingface' }, false],
    [{ kind: 'litellm' }, true],
    [{ kind: 'openai', baseUrl: 'http://localhost:1/v1' }, true],
    [{ kind: 'openai', baseUrl: 'http://127.3.2.1/v1' }, true],
    [{ kind: 'openai', baseUrl: 'http://[::1]:80/v1' }, true],
    [{ kind: 'openai' }, false],
    [{ kind: 'openai', baseUrl: 'http://10.0.0.1/v1' }, false],
    [{ kind: 'openai', baseUrl: 'https://localhost.example.org/v1' }, false],
    [{ kind: 'demo' }, false],
  ])('%j is on a machine of one’s own: %s', (config, expected) => {
    expect(createProviders([config])[0]?.isLocal).toBe(expected);
  });
});

it('the default model may be a public name, with all that it says', () => {
  const names = { smart: { model: 'openai/x', contextWindow: 9 } };
  const registry = createRegistry(createProviders(providers), { names, defaultModel: 'smart' });
  expect(registry.resolve()).toMatchObject({ ref: { provider: 'openai', model: 'x' }, contextWindow: 9 });
  expect(registry.catalogue().default).toBe('openai/x');
});

it('a registry does not begin with a fallback that nobody can answer', () => {
  const names = { smart: { model: 'openai/x', fallback: ['nobody/x'] } };
  expect(() => createRegistry(createProviders(providers), { names })).toThrow('nobody/x');
});
