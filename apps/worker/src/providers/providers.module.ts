import { Module } from '@nestjs/common';
import { createRegistry } from '#providers';
import { EventEngine, Logger } from '#runtime';
import { provideBy } from '../nest/provide.js';
import { ModelRegistry } from './model-registry.js';
import { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { policyEventLogger } from './policy-event-logger.js';
import { ProviderWatch } from './provider-watch.js';
import { RefusedFeatures } from './refused-features.js';

const registry = provideBy(
  ModelRegistry,
  [ModelSettings, EventEngine, OpenBreakers, RefusedFeatures, Logger],
  ({ providers, ...settings }, { policies: state }, breakers, refused, logger) => {
    const log = policyEventLogger(logger);
    return createRegistry(providers, {
      ...settings,
      state,
      onPolicyEvent: (event) => {
        log(event);
        breakers.take(event);
        refused.take(event);
      },
    });
  },
);

@Module({
  providers: [OpenBreakers, ProviderWatch, RefusedFeatures, registry],
  exports: [OpenBreakers, ProviderWatch, RefusedFeatures, ModelRegistry],
})
export class ProvidersModule {}
