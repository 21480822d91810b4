import type { Catalogue, CatalogueStore } from '#runtime';

const CACHED_MS = 5_000;

/** What the living workers can do, as they have published it. */
export class CachedCatalogue {
  private cached: Catalogue | undefined;
  private loadedAt = -Infinity;
  private loading: Promise<void> | undefined;

  constructor(private readonly catalogues: CatalogueStore) {}

  /** At most a few seconds old; undefined while no worker is there. */
  async load(): Promise<Catalogue | undefined> {
    if (performance.now() - this.loadedAt > CACHED_MS) {
      // Many requests find it too old at once: one asks for all of them.
      this.loading ??= this.refresh().finally(() => (this.loading = undefined));
      await this.loading;
    }
    return this.cached;
  }

  private async refresh(): Promise<void> {
    this.cached = await this.catalogues.load();
    this.loadedAt = performance.now();
  }
}
