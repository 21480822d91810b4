import { describe, expect, it } from 'vitest';
import { createRegistry } from './registry.js';
import type { Provider } from './spec/provider.js';
import { ProviderError } from './spec/provider-error.js';
import { scriptedModel } from './testing/scripted-model.js';
import { noAbort } from './testing/prompts.js';

const failure = new ProviderError('bad_key', { ref: { provider: 'broken' }, detail: 'no' });

function provider(id: string, fields: Partial<Provider> = {}): Provider {
  return {
    id,
    name: id,
    capabilities: new Set(['chat']),
    defaultModel: 'm',
    keyConfig: { required: false, label: 'key', where: 'nowhere' },
    model: () => scriptedModel([]),
    listModels: async () => [{ id: `${id}-model` }],
    healthCheck: async () => ({ ok: true, latencyMs: 1 }),
    ...fields,
  };
}

/** Hangs without heeding the signal. */
const deaf = () => new Promise<never>(() => undefined);

const notEvenAPromise = () => {
  throw new TypeError('no such list');
};

describe('the models of all', () => {
  it('are those of each, or why there are none', async () => {
    const registry = createRegistry([
      provider('good'),
      provider('configured', { models: ['x'], listModels: deaf }),
      provider('broken', { listModels: () => Promise.reject(failure) }),
    ]);
    expect(await registry.listModels(noAbort())).toEqual([
      { id: 'good', models: [{ id: 'good-model' }] },
      { id: 'configured', models: [{ id: 'x' }] },
      { id: 'broken', error: failure },
    ]);
  });

  it('do not wait for one that hangs', async () => {
    const registry = createRegistry([provider('deaf', { listModels: deaf }), provider('good')], { askLimitMs: 20 });
    const [hung, good] = await registry.listModels(noAbort());
    expect(hung).toMatchObject({ id: 'deaf', error: { code: 'timeout', ref: { provider: 'deaf' } } });
    expect(good).toMatchObject({ models: [{ id: 'good-model' }] });
  });

  it('end the request of one that hangs', async () => {
    let ended = false;
    const listModels = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (ended = true));
      return deaf();
    };
    await createRegistry([provider('slow', { listModels })], { askLimitMs: 20 }).listModels(noAbort());
    expect(ended).toBe(true);
  });

  it('are asked for once in 5 minutes, failures every time', async () => {
    let time = 0;
    const asked = { good: 0, broken: 0 };
    const registry = createRegistry(
      [
        provider('good', { listModels: async () => [{ id: `model-${++asked.good}` }] }),
        provider('broken', { listModels: () => Promise.reject((asked.broken++, failure)) }),
      ],
      { now: () => time },
    );
    await registry.listModels(noAbort());
    time = 299_999;
    expect((await registry.listModels(noAbort()))[0]).toMatchObject({ models: [{ id: 'model-1' }] });
    time = 300_000;
    expect((await registry.listModels(noAbort()))[0]).toMatchObject({ models: [{ id: 'model-2' }] });
    expect(asked).toEqual({ good: 2, broken: 3 });
  });
});

describe('the health of all', () => {
  it('is that of each, and a hanging one is ill', async () => {
    const registry = createRegistry(
      [
        provider('good'),
        provider('broken', { healthCheck: async () => ({ ok: false, latencyMs: 3, error: failure }) }),
        provider('deaf', { healthCheck: deaf }),
      ],
      { askLimitMs: 20 },
    );
    expect(await registry.health(noAbort())).toMatchObject([
      { id: 'good', health: { ok: true } },
      { id: 'broken', health: { ok: false, error: { code: 'bad_key' } } },
      { id: 'deaf', health: { ok: false, error: { code: 'timeout' } } },
    ]);
  });

  it('is that of the others, even when one throws', async () => {
    const odd = { healthCheck: () => Promise.reject(new TypeError('no such function')), listModels: notEvenAPromise };
    const registry = createRegistry([provider('odd', odd), provider('good')]);
    expect(await registry.health(noAbort())).toMatchObject([
      { id: 'odd', health: { ok: false, error: { code: 'unavailable', detail: 'no such function' } } },
      { id: 'good', health: { ok: true } },
    ]);
    expect(await registry.listModels(noAbort())).toMatchObject([
      { id: 'odd', error: { code: 'unavailable', detail: 'no such list' } },
      { id: 'good', models: [{ id: 'good-model' }] },
    ]);
  });

  it('throws the reason of the abort', async () => {
    const registry = createRegistry([provider('deaf', { healthCheck: deaf, listModels: deaf })]);
    const reason = new Error('gone');
    await expect(registry.health(AbortSignal.abort(reason))).rejects.toBe(reason);
    const stop = new AbortController();
    const asked = registry.listModels(stop.signal);
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});
