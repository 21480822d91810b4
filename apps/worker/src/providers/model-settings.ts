import type { Deadlines, ModelNameMap, Provider } from '#providers';

/** The part of the configuration that models need, and the providers that it has loaded; to be injected. */
export abstract class ModelSettings {
  abstract readonly providers: readonly Provider[];
  /** `provider/model`, or a public name: the model for requests that name none. */
  abstract readonly defaultModel: string | undefined;
  /** Public names of models. */
  abstract readonly names: ModelNameMap;
  /** How long each phase of a model call may take where nothing else is configured. */
  abstract readonly deadlines: Deadlines;
}
