import { Injectable } from '@nestjs/common';
import { CATALOGUE_PUBLISH_MS, CatalogueStore, Logger, SEEN_MS } from '#runtime';
import { Assistants } from '../assistants/assistants.js';
import { WorkerSettings } from '../worker-settings.js';
import { ModelRegistry } from '../providers/model-registry.js';
import { ModelSettings } from '../providers/model-settings.js';
import { OpenBreakers } from '../providers/open-breakers.js';
import { ProviderWatch } from '../providers/provider-watch.js';
import { RefusedFeatures } from '../providers/refused-features.js';
import { type CatalogueParts, describedModels, publishedCatalogue } from './published-catalogue.js';
import { ModelFacts } from './published-models.js';

/** Publishes what this worker offers, regularly and whenever it changes. */
@Injectable()
export class CataloguePublisher {
  private timer: NodeJS.Timeout | undefined;
  private seeing: NodeJS.Timeout | undefined;
  private published: Promise<void> | undefined;
  private readonly facts = new ModelFacts();
  private isWithdrawn = false;

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
    this.seeing = setInterval(() => void this.see(), SEEN_MS);
    this.watch.start(publish);
    this.breakers.start(publish);
    this.refused.start(publish);
  }

  /** The worker takes no more jobs. Asks no more providers; a breaker that opens is still published, while there are runs. */
  stopWatching(): void {
    clearInterval(this.timer);
    clearInterval(this.seeing);
    this.watch.stop();
  }

  /** Takes the catalogue back. What is still being published must not come after that. */
  async withdraw(): Promise<void> {
    this.breakers.stop();
    this.refused.stop();
    this.isWithdrawn = true;
    await this.published;
    await this.catalogues.withdraw(this.settings.workerId);
  }

  /** The catalogue is made when everything in it is known, so that one that took longer to learn never has older facts. */
  private async publish(): Promise<void> {
    await this.facts.learn(describedModels(this.parts()));
    if (this.isWithdrawn) return;
    await this.catalogues
      .publish(this.settings.workerId, publishedCatalogue(this.parts()))
      .catch((error: Error) => this.logger.warn({ err: error }, 'cannot publish the catalogue'));
  }

  /** What cannot be said now is said a second later; that Postgres is away, others say. */
  private async see(): Promise<void> {
    await this.catalogues.see(this.settings.workerId).catch(() => undefined);
  }

  private parts(): CatalogueParts {
    return {
      registry: this.registry,
      assistants: this.assistants,
      names: this.models.names,
      facts: this.facts,
      statusOf: (id) => this.watch.statusOf(id),
      openBreakers: this.breakers.list(),
      refusedFeatures: this.refused.list(),
    };
  }
}
