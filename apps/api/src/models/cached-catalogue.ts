import { Injectable } from '@nestjs/common';
import { type Catalogue, CatalogueStore } from '#runtime';

const CACHED_MS = 5_000;

/** What the live workers offer, as they have published it. */
@Injectable()
export class CachedCatalogue {
  private cached: Catalogue | undefined;
  private loadedAt = -Infinity;
  private loading: Promise<void> | undefined;

  constructor(private readonly catalogues: CatalogueStore) {}

  /** At most a few seconds old; undefined while no worker is there. */
  async load(): Promise<Catalogue | undefined> {
    if (performance.now() - this.loadedAt > CACHED_MS) {
      // Many requests may find it too old at once: one query serves all of them.
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
