import { Injectable } from '@nestjs/common';
import { CATALOGUE_PUBLISH_MS, CatalogueStore, Logger, type PublishedCatalogue } from '#runtime';
import { Assistants } from '../assistants/assistants.js';
import { WorkerSettings } from '../worker-settings.js';
import { ModelRegistry } from '../providers/model-registry.js';
import { ModelSettings } from '../providers/model-settings.js';
import { OpenBreakers } from '../providers/open-breakers.js';
import { ProviderWatch } from '../providers/provider-watch.js';
import { RefusedFeatures } from '../providers/refused-features.js';
import { publishedCatalogue } from './published-catalogue.js';
import { ModelFacts } from './published-models.js';

/** Publishes what this worker offers, regularly and whenever it changes. */
@Injectable()
export class CataloguePublisher {
  private timer: NodeJS.Timeout | undefined;
  private published: Promise<void> | undefined;
  private readonly facts = new ModelFacts();

  constructor(
    private readonly catalogues: CatalogueStore,
    private readonly registry: ModelRegistry,
    private readonly assistants: Assistants,
    private readonly watch: ProviderWatch,
    private readonly breakers: OpenBreakers,
    private readonly refused: RefusedFeatures,
    private readonly models: ModelSettings,
    private readonly settings: WorkerSettings,
    private readonly logger: Logger,
  ) {}

  get defaultModel(): string {
    return this.registry.catalogue().default;
  }

  /** Resolves when the catalogue has been published once. */
  async start(): Promise<void> {
    await this.publish();
    const publish = () => void (this.published = this.publish());
    this.timer = setInterval(publish, CATALOGUE_PUBLISH_MS);
    this.watch.start(publish);
    this.breakers.start(publish);
    this.refused.start(publish);
  }

  /** Asks no more providers; a breaker that opens is still published, while there are runs. */
  stopWatching(): void {
    clearInterval(this.timer);
    this.watch.stop();
  }

  /** Takes the catalogue back. What is still being published must not come after that. */
  async withdraw(): Promise<void> {
    this.breakers.stop();
    this.refused.stop();
    await this.published;
    await this.catalogues.withdraw(this.settings.workerId);
  }

  private async publish(): Promise<void> {
    await this.catalogues
      .publish(this.settings.workerId, this.catalogue())
      .catch((error: Error) => this.logger.warn({ err: error }, 'cannot publish the catalogue'));
  }

  private catalogue(): PublishedCatalogue {
    return publishedCatalogue({
      registry: this.registry,
      assistants: this.assistants,
      names: this.models.names,
      facts: this.facts,
      statusOf: (id) => this.watch.statusOf(id),
      openBreakers: this.breakers.list(),
      refusedFeatures: this.refused.list(),
    });
  }
}
