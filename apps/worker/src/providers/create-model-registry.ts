import { createRegistry, type LimitWaits, type PolicyEvent, type PolicyState } from '#providers';
import type { Logger } from '#runtime';
import type { ModelMetrics } from '../metrics/model-metrics.js';
import type { ModelRegistry } from './model-registry.js';
import type { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { policyEventLogger } from './policy-event-logger.js';
import { RefusedFeatures } from './refused-features.js';

export interface RegistryDeps {
  readonly breakers: OpenBreakers;
  readonly refused: RefusedFeatures;
  readonly metrics: Pick<ModelMetrics, 'policyEvent'>;
  readonly logger: Logger;
}

/** Where a registry differs from that of the configuration. */
interface RegistryScope {
  readonly state: PolicyState;
  /** Where its calls are counted that wait within a limit. */
  readonly waits: Pick<LimitWaits, 'begin' | 'hold'>;
  /** Whether a policy event is of an account that is not the configuration's: then it is logged, and not published. */
  readonly isPrivate: (event: PolicyEvent) => boolean;
}

/** A registry over the configured models whose policy events reach the log, the catalogue and the health of this worker. */
export function createModelRegistry(
  settings: Pick<ModelSettings, 'providers' | 'defaultModel' | 'names' | 'deadlines'>,
  { breakers, refused, metrics, logger }: RegistryDeps,
  { state, waits, isPrivate }: RegistryScope,
): ModelRegistry {
  const { providers, defaultModel, names, deadlines } = settings;
  const log = policyEventLogger(logger);
  return createRegistry(providers, {
    ...(defaultModel !== undefined && { defaultModel }),
    names,
    deadlines,
    state,
    waits,
    onPolicyEvent: (event) => {
      log(event);
      metrics.policyEvent(event);
      if (isPrivate(event)) return;
      breakers.take(event);
      refused.take(event);
    },
  });
}
