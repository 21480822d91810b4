import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProviders, LimitWaits, MemoryPolicyState, type ProviderConfigInput, type Registry } from '#providers';
import type { EventEngine, Logger, ProviderKeys } from '#runtime';
import { processClock } from '../testing/process-clock.js';
import type { ModelMetrics } from '../metrics/model-metrics.js';
import { createModelRegistry } from './create-model-registry.js';
import type { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { RefusedFeatures } from './refused-features.js';
import { TenantModels } from './tenant-models.js';

/** The `Authorization` of every request; 401 for a key that says so. */
const asked: (string | undefined)[] = [];
const server = createServer((request, response) => {
  asked.push(request.headers.authorization);
  const isBad = request.headers.authorization?.includes('bad');
  response.writeHead(isBad ? 401 : 200, { 'content-type': 'application/json' });
  const message = { role: 'assistant', content: 'Hello' };
  response.end(
    JSON.stringify(
      isBad
        ? { error: { message: `Incorrect key: ${request.headers.authorization}` } }
        : { choices: [{ index: 0, message, finish_reason: 'stop' }] },
    ),
  );
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const stored = new Map<string, Map<string, string>>();
let failsToLoad = false;
const warnings: object[] = [];
let models: TenantModels;
beforeEach(() => {
  asked.length = 0;
  warnings.length = 0;
  stored.clear();
  failsToLoad = false;
  models = tenantModels(true);
});

function tenantModels(isEnabled: boolean): TenantModels {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const entry = { kind: 'openai-compatible', baseUrl, defaultModel: 'm', retry: { attempts: 1 } } as const;
  const configs = [
    { ...entry, id: 'one', apiKey: 'shared-one-key' },
    { ...entry, id: 'two', apiKeys: ['shared-two-a', 'shared-two-b'] },
  ] as ProviderConfigInput[];
  const providers = createProviders(configs);
  const settings: ModelSettings = { providers, configs, outgoing: {}, defaultModel: 'one/m', names: {}, deadlines: {} };
  const logger = { warn: (fields: object) => warnings.push(fields), info: () => undefined } as unknown as Logger;
  const engine = { policies: new MemoryPolicyState(Date.now) } as unknown as EventEngine;
  const keys = {
    isEnabled,
    load: async (tenant: string) => {
      if (failsToLoad) throw new Error('Postgres is away');
      return stored.get(tenant) ?? new Map();
    },
  } as unknown as ProviderKeys;
  const metrics = { policyEvent: () => undefined } as unknown as ModelMetrics;
  const deps = {
    breakers: new OpenBreakers(processClock),
    refused: new RefusedFeatures(processClock),
    metrics,
    logger,
  };

  const waits = new LimitWaits();
  const scope = { state: engine.policies, waits, isPrivate: () => false };
  const shared = createModelRegistry(settings, deps, scope);
  return new TenantModels(shared, settings, keys, engine, deps.breakers, deps.refused, metrics, waits, logger);
}

async function ask(registry: Registry, name: string): Promise<string | undefined> {
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }];
  for await (const _ of registry.resolve(name).stream({ prompt }, new AbortController().signal)) void _;
  return asked.at(-1);
}

it('calls with a tenant’s own key where it has one, else with that of the configuration', async () => {
  stored.set('acme', new Map([['one', 'acme-own-key']]));
  expect(await ask(await models.of('acme'), 'one/m')).toBe('Bearer acme-own-key');
  expect(await ask(await models.of('globex'), 'one/m')).toBe('Bearer shared-one-key');
  expect(await ask(await models.of('acme'), 'two/m')).toMatch(/^Bearer shared-two-/);
});

it('puts a tenant’s key in place of all keys of the provider', async () => {
  stored.set('acme', new Map([['two', 'acme-own-key']]));
  const registry = await models.of('acme');
  for (let index = 0; index < 3; index++) expect(await ask(registry, 'two/m')).toBe('Bearer acme-own-key');
});

it('never falls back to the configuration’s key when the tenant’s cannot be read', async () => {
  stored.set('acme', new Map([['one', 'acme-own-key']]));
  failsToLoad = true;
  await expect(models.of('acme')).rejects.toThrow('away');
  failsToLoad = false;
  expect(await ask(await models.of('acme'), 'one/m')).toBe('Bearer acme-own-key');
});

it('sets a tenant’s bad key aside for that tenant only, and says nothing of it', async () => {
  stored.set('acme', new Map([['one', 'bad-acme-key-0123']]));
  const failure = await ask(await models.of('acme'), 'one/m').catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'bad_key' });
  expect(JSON.stringify([failure, warnings, String(failure)])).not.toContain('acme-key');
  expect(await ask(await models.of('globex'), 'one/m')).toBe('Bearer shared-one-key');
});

it('asks nobody without SECRETS_KEY', async () => {
  failsToLoad = true;
  expect(await ask(await tenantModels(false).of('acme'), 'one/m')).toBe('Bearer shared-one-key');
});

it('warns of a key for a provider that is not configured, and offers none instead', async () => {
  stored.set('acme', new Map([['gone', 'acme-own-key']]));
  expect(await ask(await models.of('acme'), 'one/m')).toBe('Bearer shared-one-key');
  expect(warnings).toContainEqual(expect.objectContaining({ tenantId: 'acme', provider: 'gone' }));
});

const later = (): void => void vi.advanceTimersByTime(10_001);
const store = (key: string): void => void stored.set('acme', new Map([['one', key]]));

describe('after ten seconds', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('the same keys keep their registry, also when they could not be loaded in between', async () => {
    store('acme-own-key');
    const before = await models.of('acme');
    later();
    expect(await models.of('acme')).toBe(before);
    later();
    failsToLoad = true;
    await expect(models.of('acme')).rejects.toThrow('away');
    failsToLoad = false;
    expect(await models.of('acme')).toBe(before);
  });

  it('another key is used, and a deleted one is not', async () => {
    store('acme-own-key');
    await models.of('acme');
    store('acme-new-key');
    expect(await ask(await models.of('acme'), 'one/m')).toBe('Bearer acme-own-key');
    later();
    expect(await ask(await models.of('acme'), 'one/m')).toBe('Bearer acme-new-key');
    stored.clear();
    later();
    expect(await ask(await models.of('acme'), 'one/m')).toBe('Bearer shared-one-key');
  });
});
