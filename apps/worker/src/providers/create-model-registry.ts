import { createRegistry, type PolicyEvent, type PolicyState } from '#providers';
import type { Logger } from '#runtime';
import type { ModelRegistry } from './model-registry.js';
import type { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { policyEventLogger } from './policy-event-logger.js';
import { RefusedFeatures } from './refused-features.js';

export interface RegistryDeps {
  readonly breakers: OpenBreakers;
  readonly refused: RefusedFeatures;
  readonly logger: Logger;
}

/** Where a registry differs from that of the configuration. */
interface RegistryScope {
  readonly state: PolicyState;
  /** Whether a policy event is of an account that is not the configuration's: then it is logged, and not published. */
  readonly isPrivate: (event: PolicyEvent) => boolean;
}

/** A registry over the configured models whose policy events reach the log, the catalogue and the health of this worker. */
export function createModelRegistry(
  settings: Pick<ModelSettings, 'providers' | 'defaultModel' | 'names' | 'deadlines'>,
  { breakers, refused, logger }: RegistryDeps,
  { state, isPrivate }: RegistryScope,
): ModelRegistry {
  const { providers, defaultModel, names, deadlines } = settings;
  const log = policyEventLogger(logger);
  return createRegistry(providers, {
    ...(defaultModel !== undefined && { defaultModel }),
    names,
    deadlines,
    state,
    onPolicyEvent: (event) => {
      log(event);
      if (isPrivate(event)) return;
      breakers.take(event);
      refused.take(event);
    },
  });
}
