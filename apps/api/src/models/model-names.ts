import { AppError, type CatalogueStore, type PublishedCatalogue } from '#runtime';

const CACHED_MS = 5_000;

/** Which models the workers can call, as they have published it. */
export class ModelNames {
  private cached: PublishedCatalogue | undefined;
  private loadedAt = -Infinity;

  constructor(private readonly catalogues: CatalogueStore) {}

  /**
   * Refuses a model name that nothing maps to, before anything is stored. While no worker has published anything the
   * name is let through: the worker that takes the run checks it again.
   */
  async assertKnown(name: string | undefined): Promise<void> {
    if (name === undefined) return;
    const catalogue = await this.catalogue();
    if (!catalogue) return;
    const providers = catalogue.providers.map((provider) => provider.id);
    const slash = name.indexOf('/');
    if (slash > 0 && slash < name.length - 1 && providers.includes(name.slice(0, slash))) return;
    const known = providers.map((id) => `${id}/…`).join(', ');
    throw new AppError(
      'model.unknown',
      `There is no model "${name}". A model is named provider/model; known: ${known}.`,
    );
  }

  /** What the living workers can call, at most a few seconds old; undefined while there is none. */
  async catalogue(): Promise<PublishedCatalogue | undefined> {
    if (performance.now() - this.loadedAt > CACHED_MS) {
      this.cached = await this.catalogues.load();
      this.loadedAt = performance.now();
    }
    return this.cached;
  }
}
