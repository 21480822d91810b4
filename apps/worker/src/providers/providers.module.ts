import { Module } from '@nestjs/common';
import { EventEngine, Logger } from '#runtime';
import { provideBy } from '../nest/provide.js';
import { createModelRegistry } from './create-model-registry.js';
import { ModelRegistry } from './model-registry.js';
import { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { ProviderWatch } from './provider-watch.js';
import { RefusedFeatures } from './refused-features.js';
import { TenantModels } from './tenant-models.js';

const registry = provideBy(
  ModelRegistry,
  [ModelSettings, EventEngine, OpenBreakers, RefusedFeatures, Logger],
  (settings, { policies: state }, breakers, refused, logger) =>
    createModelRegistry(settings, { breakers, refused, logger }, { state, isPrivate: () => false }),
);

@Module({
  providers: [OpenBreakers, ProviderWatch, RefusedFeatures, registry, TenantModels],
  exports: [OpenBreakers, ProviderWatch, RefusedFeatures, ModelRegistry, TenantModels],
})
export class ProvidersModule {}
