import { Injectable } from '@nestjs/common';
import { AppError, type Catalogue } from '#runtime';
import { CachedCatalogue } from './cached-catalogue.js';

/** Which models the workers can call. */
@Injectable()
export class ModelNames {
  constructor(private readonly catalogue: CachedCatalogue) {}

  /**
   * Refuses a model name that no provider and no public name covers, before anything is stored. While no worker has
   * published anything every name is accepted: the worker that claims the run checks it again.
   */
  async assertKnown(name: string | undefined): Promise<void> {
    if (name === undefined) return;
    const catalogue = await this.catalogue.load();
    if (!catalogue || isKnown(catalogue, name)) return;
    const known = [...catalogue.modelNames, ...catalogue.providers.map(({ id }) => `${id}/…`)].join(', ');
    throw new AppError(
      'model.unknown',
      `There is no model "${name}". A model is named provider/model; known: ${known}.`,
    );
  }
}

function isKnown({ anyModel, modelNames, providers }: Catalogue, name: string): boolean {
  if (anyModel || modelNames.includes(name)) return true;
  const slash = name.indexOf('/');
  return slash > 0 && slash < name.length - 1 && providers.some(({ id }) => id === name.slice(0, slash));
}
