import { expect, it } from 'vitest';
import type { Catalogue, CatalogueStore } from '#runtime';
import { CachedCatalogue } from './cached-catalogue.js';
import { ModelNames } from './model-names.js';

const catalogue: Catalogue = {
  defaultModel: 'demo/echo',
  providers: [{ id: 'demo', name: 'Demo', defaultModel: 'echo', models: [], capabilities: [] }],
  assistants: [],
  defaultAssistant: 'default',
  modelNames: ['fast'],
  publicModels: [],
  anyModel: false,
  openBreakers: [],
  refusedFeatures: [],
  limits: [],
};
const namesOf = (known: Partial<Catalogue> | undefined) => new ModelNames(new CachedCatalogue(storeOf(known)));
const storeOf = (known: Partial<Catalogue> | undefined) =>
  ({ load: async () => known && { ...catalogue, ...known } }) as CatalogueStore;

it('accepts what a worker can call: a model of a provider, a public name, or none', async () => {
  for (const name of ['demo/echo', 'demo/anything/at-all', 'fast', undefined]) {
    await expect(namesOf({}).assertKnown(name)).resolves.toBeUndefined();
  }
});

it.each(['slow', 'demo', 'demo/', '/echo', 'nobody/nothing', ''])(
  'refuses %j, and lists the known names',
  async (name) => {
    await expect(namesOf({}).assertKnown(name)).rejects.toMatchObject({
      code: 'model.unknown',
      message: expect.stringContaining('fast, demo/…') as string,
    });
  },
);

it('accepts everything if a worker accepts any name, or if there is no worker', async () => {
  await expect(namesOf({ anyModel: true }).assertKnown('slow')).resolves.toBeUndefined();
  await expect(namesOf(undefined).assertKnown('slow')).resolves.toBeUndefined();
});
