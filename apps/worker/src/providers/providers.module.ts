import { Module } from '@nestjs/common';
import { LimitWaits } from '#providers';
import { EventEngine, Logger } from '#runtime';
import { provideBy } from '../nest/provide.js';
import { ModelMetrics } from '../metrics/model-metrics.js';
import { createModelRegistry } from './create-model-registry.js';
import { ModelRegistry } from './model-registry.js';
import { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { ProviderWatch } from './provider-watch.js';
import { RefusedFeatures } from './refused-features.js';
import { TenantModels } from './tenant-models.js';
import { UnlistedModels } from './unlisted-models.js';

const registry = provideBy(
  ModelRegistry,
  [ModelSettings, EventEngine, OpenBreakers, RefusedFeatures, ModelMetrics, LimitWaits, Logger],
  (settings, { policies: state }, breakers, refused, metrics, waits, logger) =>
    createModelRegistry(settings, { breakers, refused, metrics, logger }, { state, waits, isPrivate: () => false }),
);

@Module({
  providers: [LimitWaits, OpenBreakers, ProviderWatch, RefusedFeatures, registry, TenantModels, UnlistedModels],
  exports: [LimitWaits, OpenBreakers, ProviderWatch, RefusedFeatures, ModelRegistry, TenantModels],
})
export class ProvidersModule {}
