import type { Catalogue, CatalogueStore } from '#runtime';

const CACHED_MS = 5_000;

/** What the living workers can do, as they have published it. */
export class CachedCatalogue {
  private cached: Catalogue | undefined;
  private loadedAt = -Infinity;

  constructor(private readonly catalogues: CatalogueStore) {}

  /** At most a few seconds old; undefined while no worker is there. */
  async load(): Promise<Catalogue | undefined> {
    if (performance.now() - this.loadedAt > CACHED_MS) {
      this.cached = await this.catalogues.load();
      this.loadedAt = performance.now();
    }
    return this.cached;
  }
}
