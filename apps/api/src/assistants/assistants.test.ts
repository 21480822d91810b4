import { expect, it } from 'vitest';
import type { Catalogue, CatalogueStore } from '#runtime';
import type { ApiConfig } from '../config.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';
import { assertFeature, Assistants } from './assistants.js';

const presentation = { prompts: [], composerTools: [] };
const catalogue: Catalogue = {
  defaultModel: 'demo/echo',
  providers: [],
  assistants: [
    { id: 'shop', presentation, allowCancel: false, doubleTexting: 'reject', features: ['sync_action'] },
    { id: 'help', presentation, allowCancel: true, doubleTexting: 'enqueue', features: [] },
  ],
  defaultAssistant: 'help',
  modelNames: [],
  publicModels: [],
  anyModel: false,
  openBreakers: [],
  refusedFeatures: [],
  limits: [],
};
const among = (known: Partial<Catalogue> | undefined) =>
  new Assistants(new CachedCatalogue(storeOf(known)), { doubleTexting: 'interrupt' } as ApiConfig);
const storeOf = (known: Partial<Catalogue> | undefined) =>
  ({ load: async () => known && { ...catalogue, ...known } }) as CatalogueStore;

it('chooses the named one, or else the default', async () => {
  expect(await among({}).choose('shop')).toMatchObject({
    id: 'shop',
    allowCancel: false,
    doubleTexting: 'reject',
    isAvailable: true,
  });
  expect(await among({}).choose(undefined)).toMatchObject({ id: 'help', allowCancel: true });
  await expect(among({}).choose('nobody')).rejects.toMatchObject({ code: 'assistant.not_found' });
});

it('knows the default one also if workers publish no assistants yet', async () => {
  const older = among({ assistants: [], defaultAssistant: 'default' });
  const expected = { id: 'default', allowCancel: true, doubleTexting: 'interrupt', features: [], isAvailable: true };
  expect(await older.choose(undefined)).toEqual(expected);
  expect(await older.choose('default')).toEqual(expected);
  await expect(older.choose('shop')).rejects.toMatchObject({ code: 'assistant.not_found' });
});

it('accepts every name while there is no worker, except one that cannot be stored', async () => {
  expect(await among(undefined).choose('shop')).toMatchObject({ id: 'shop', isAvailable: false });
  await expect(among(undefined).choose('a\0')).rejects.toMatchObject({ code: 'assistant.not_found' });
});

it('distinguishes a feature that is not configured from one that no worker can serve now', async () => {
  expect(() =>
    assertFeature(
      { id: 'a', allowCancel: true, doubleTexting: 'enqueue', features: ['transcribe'], isAvailable: true },
      'transcribe',
    ),
  ).not.toThrow();
  const without = { id: 'a', allowCancel: true, doubleTexting: 'enqueue', features: [] } as const;
  expect(() => assertFeature({ ...without, isAvailable: true }, 'transcribe')).toThrow(
    expect.objectContaining({ code: 'feature.not_configured' }),
  );
  expect(() => assertFeature({ ...without, isAvailable: false }, 'transcribe')).toThrow(
    expect.objectContaining({ code: 'service.unavailable' }),
  );
});
