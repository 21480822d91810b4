import type { Registry } from '#providers';

/** The registry of this worker's models, to be injected. */
export abstract class ModelRegistry implements Registry {
  abstract readonly provider: Registry['provider'];
  abstract readonly resolve: Registry['resolve'];
  abstract readonly transcribe: Registry['transcribe'];
  abstract readonly catalogue: Registry['catalogue'];
  abstract readonly listModels: Registry['listModels'];
  abstract readonly health: Registry['health'];
}
