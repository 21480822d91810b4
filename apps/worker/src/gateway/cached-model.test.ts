import { describe, expect, it } from 'vitest';
import type { ModelCall, StreamPart } from '#providers';
import { collect, noAbort, say, scriptedModel } from '#providers/testing';
import type { ResponseCache } from '#runtime';
import { cachedModel } from './cached-model.js';

const text = (...words: string[]): StreamPart[] => [
  { type: 'text-start', id: 't' },
  ...words.map((word): StreamPart => ({ type: 'text-delta', id: 't', text: word })),
  { type: 'text-end', id: 't' },
];
const finish = (unified: 'stop' | 'length' = 'stop'): StreamPart => ({
  type: 'finish',
  reason: { unified, raw: unified },
  usage: { inputTokens: 3, outputTokens: 2 },
});
const ANSWER = [...text('Hello ', 'wörld'), finish()];

class Store implements Pick<ResponseCache, 'get' | 'set' | 'removeExpired'> {
  readonly entries = new Map<string, string>();
  unavailable = false;

  async get(key: string): Promise<string | undefined> {
    if (this.unavailable) throw new Error('unavailable');
    return this.entries.get(key);
  }
  async set(key: string, value: string): Promise<void> {
    if (this.unavailable) throw new Error('unavailable');
    this.entries.set(key, value);
  }
  async removeExpired(): Promise<void> {}
}

function stage(answer: readonly (StreamPart | Error)[] = ANSWER, maxEntryBytes = 10_000) {
  const store = new Store();
  const model = scriptedModel(answer);
  const deps = { store, ttlSeconds: 60, maxEntryBytes, logger: { warn: () => undefined } };
  const ask = (call: ModelCall = say('hi'), scope: { tenantId?: string; name?: string } = {}) =>
    collect(cachedModel(model, { tenantId: 'acme', name: 'fast', ...scope }, deps).stream(call, noAbort()));
  return { store, model, ask };
}

describe('a model with a response cache', () => {
  it('gives the same answer again without asking the provider', async () => {
    const { model, ask } = stage();
    expect(await ask()).toEqual(ANSWER);
    expect(await ask()).toEqual(ANSWER);
    expect(model.calls).toHaveLength(1);
  });

  it('never gives it to another tenant', async () => {
    const { model, ask } = stage();
    await ask(say('hi'), { tenantId: 'acme' });
    await ask(say('hi'), { tenantId: 'globex' });
    expect(model.calls).toHaveLength(2);
  });

  it.each<[string, ModelCall, { name?: string }]>([
    ['another question', say('ho'), {}],
    ['other settings', { ...say('hi'), settings: { temperature: 1 } }, {}],
    ['other tools', { ...say('hi'), tools: [{ name: 't', parameters: {} }] }, {}],
    ['another tool choice', { ...say('hi'), toolChoice: 'required' }, {}],
    ['other options', { ...say('hi'), providerOptions: { scripted: { x: 1 } } }, {}],
    ['another name for the model', say('hi'), { name: 'slow' }],
  ])('asks for %s', async (_, call, scope) => {
    const { model, ask } = stage();
    await ask();
    await ask(call, scope);
    expect(model.calls).toHaveLength(2);
  });

  it('shares an answer between callers of one tenant', async () => {
    const { model, ask } = stage();
    await ask({ ...say('hi'), caller: { tenantId: 'acme', userId: 'ada' } });
    await ask({ ...say('hi'), caller: { tenantId: 'acme', userId: 'bob' } });
    expect(model.calls).toHaveLength(1);
  });

  it('caches no answer that was cut short, or that is too large', async () => {
    const cases: [readonly (StreamPart | Error)[], number?][] = [
      [[...text('Hel'), finish('length')]],
      [text('Hel')],
      [ANSWER, 100],
    ];
    for (const [answer, maxEntryBytes] of cases) {
      const { store, ask } = stage(answer, maxEntryBytes);
      await ask();
      expect(store.entries.size).toBe(0);
    }
    const { store, ask } = stage([...text('Hel'), new Error('cut')]);
    await expect(ask()).rejects.toThrow('cut');
    expect(store.entries.size).toBe(0);
  });

  it('caches what came after another model had taken over', async () => {
    const ref = { provider: 'p', model: 'm' };
    const { ask } = stage([...text('wrong'), { type: 'discard', failed: ref, next: ref }, ...ANSWER]);
    await ask();
    expect(await ask()).toEqual(ANSWER);
  });

  it('asks the provider while the store is unavailable', async () => {
    const { store, model, ask } = stage();
    store.unavailable = true;
    expect(await ask()).toEqual(ANSWER);
    expect(await ask()).toEqual(ANSWER);
    expect(model.calls).toHaveLength(2);
  });
});
