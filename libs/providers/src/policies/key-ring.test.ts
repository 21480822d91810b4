import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProviders, ProviderConfig } from '../config.js';
import { providersOf } from '../config-file-providers.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import { startLocalServer } from '../testing/local-server.js';
import { noAbort, say } from '../testing/prompts.js';
import { failureOf } from '../testing/failure-of.js';
import { answering, failing, scriptedProvider } from '../testing/scripted-provider.js';
import { MemoryPolicyState } from './memory-policy-state.js';
import type { PolicyEvent } from './policy-event.js';

function withKeys(count: number, attempts = 1) {
  const keyed = Array.from({ length: count }, (_, index) => {
    const provider = scriptedProvider('p');
    provider.script(answering(`by ${index}`));
    return { key: `k${index}`, provider };
  });
  const provider = scriptedProvider('p', { byKey: keyed, policies: { retry: { attempts } } });
  const events: PolicyEvent[] = [];
  const reported: ModelAttempt[] = [];
  const registry = createRegistry([provider], { onPolicyEvent: (event) => void events.push(event) });
  const call = { ...say('hi'), report: (attempt: ModelAttempt) => void reported.push(attempt) };
  const ask = async () => (await generate(registry.resolve('p/m'), call, noAbort())).text;
  const calls = () => keyed.map((one) => one.provider.calls.length);
  return { keys: keyed.map((one) => one.provider), ask, events, reported, calls, registry };
}

describe('several keys', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are taken in turn', async () => {
    const { ask } = withKeys(3);
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual(['by 0', 'by 1', 'by 2', 'by 0']);
  });

  it('stand in for one that is refused, at once and without counting as another try', async () => {
    const { keys, ask, events, reported, calls } = withKeys(3);
    keys[0]!.script([failing('bad_key')]);
    keys[1]!.script([failing('rate_limited', { retryAfterMs: 5_000 })]);
    expect(await ask()).toBe('by 2');
    expect(reported.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'completed']);
    expect(events).toMatchObject([
      { type: 'key_set_aside', provider: 'p', key: 'k0', forMs: 600_000 },
      { type: 'key_set_aside', provider: 'p', key: 'k1', forMs: 5_000 },
    ]);
    expect([await ask(), await ask()]).toEqual(['by 2', 'by 2']);
    expect(calls()).toEqual([1, 1, 3]);
    await vi.advanceTimersByTimeAsync(5_000);
    keys[1]!.script(answering('by 1'));
    expect(new Set([await ask(), await ask(), await ask()])).toEqual(new Set(['by 1', 'by 2']));
    expect(calls()[0]).toBe(1);
    await vi.advanceTimersByTimeAsync(595_000);
    await ask();
    expect(calls()[0]).toBe(2);
  });

  it('do not stand in for errors that another key would get, too', async () => {
    const { keys, ask, calls } = withKeys(2);
    keys[0]!.script([failing('overloaded')]);
    expect(await failureOf(ask())).toMatchObject({ code: 'overloaded' });
    expect(calls()).toEqual([1, 0]);
  });

  it('that all are refused give the last error; and while all rest, nobody is asked', async () => {
    const { keys, ask, calls } = withKeys(2);
    for (const [index, key] of keys.entries()) {
      key.script([failing('rate_limited', { retryAfterMs: 60_000 * (index + 1), status: 429 })]);
    }
    expect(await failureOf(ask())).toMatchObject({ code: 'rate_limited', retryAfterMs: 120_000 });
    await vi.advanceTimersByTimeAsync(10_000);
    const error = await failureOf(ask());
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 50_000, status: 429 });
    expect(error.detail).toContain('all 2 keys are set aside');
    expect(calls()).toEqual([1, 1]);
  });

  it('that rest for a moment are waited for, as any Retry-After', async () => {
    const { keys, ask } = withKeys(1, 2);
    keys[0]!.script([failing('rate_limited', { retryAfterMs: 2_000 })], answering('at last'));
    const text = ask();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await text).toBe('at last');
  });
});

describe('an entry with apiKeys', () => {
  const KEYS = ['sk-first-0123456789', 'sk-second-0123456789'];
  const entry = { kind: 'openai-compatible', id: 'x', baseUrl: 'http://127.0.0.1:1/v1', defaultModel: 'm' } as const;

  it('tries each, and shows none of them', async () => {
    const server = await startLocalServer((response, { headers, path }) => {
      const isGood = headers.authorization === `Bearer ${KEYS[1]}`;
      if (!isGood) return void response.writeHead(401).end(`wrong key ${headers.authorization}`);
      if (path === '/models') return void response.end('{"data":[]}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return void response.end(
        'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      );
    });
    const providers = createProviders([{ ...entry, baseUrl: server.url, apiKeys: KEYS }]);
    const state = new MemoryPolicyState();
    const aside = vi.spyOn(state, 'setAside');
    const events: PolicyEvent[] = [];
    const registry = createRegistry(providers, { state, onPolicyEvent: (event) => void events.push(event) });
    const { text } = await generate(registry.resolve(), say('hi'), noAbort());
    const [health] = await registry.health(noAbort());
    await server.close();
    expect(text).toBe('hi');
    expect(health?.health.ok).toBe(true);
    expect(server.requests.map(({ headers }) => headers.authorization).slice(0, 2)).toEqual(
      KEYS.map((key) => `Bearer ${key}`),
    );
    const fingerprint = createHash('sha256').update(KEYS[0]!).digest('hex').slice(0, 12);
    expect(aside.mock.calls).toEqual([[`x/${fingerprint}`, 600_000]]);
    expect(JSON.stringify([events, aside.mock.calls])).not.toContain('sk-');
  });

  it('has no key of its own beside them, and takes none from the environment', () => {
    const both = ProviderConfig.safeParse({ ...entry, apiKey: KEYS[0], apiKeys: KEYS });
    expect(both.error?.issues).toMatchObject([{ path: ['apiKeys'] }]);
    expect(ProviderConfig.safeParse({ ...entry, apiKeys: [] }).success).toBe(false);
    const { configs, issues } = providersOf([{ kind: 'openai', apiKeys: KEYS }], { OPENAI_API_KEY: 'sk-env' });
    expect(issues).toEqual([]);
    expect(configs).toMatchObject([{ kind: 'openai', apiKeys: KEYS }]);
    expect(configs[0]).not.toHaveProperty('apiKey');
  });

  it('may be of kind bedrock, as its API keys', () => {
    const [provider] = createProviders([{ kind: 'bedrock', region: 'us-east-1', apiKeys: KEYS }]);
    expect(provider?.byKey).toHaveLength(KEYS.length);
  });

  it.each(['openai', 'anthropic', 'cohere', 'ollama', 'huggingface', 'groq'] as const)('may be of kind %s', (kind) => {
    const [provider] = createProviders([{ kind, apiKeys: KEYS }]);
    expect(provider?.byKey?.map(({ provider: keyed }) => keyed.id)).toEqual([kind, kind]);
  });
});
