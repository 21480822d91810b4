import type { CreateProvidersOptions, Deadlines, ModelNameMap, Provider, ProviderConfigInput } from '#providers';

/** The part of the configuration that models need, and the providers that it has loaded; to be injected. */
export abstract class ModelSettings {
  abstract readonly providers: readonly Provider[];
  /** What the providers were made of: a tenant with a key of its own gets another one. */
  abstract readonly configs: readonly ProviderConfigInput[];
  /** What applies to the requests of all of them. */
  abstract readonly outgoing: CreateProvidersOptions;
  /** `provider/model`, or a public name: the model for requests that name none. */
  abstract readonly defaultModel: string | undefined;
  /** Public names of models. */
  abstract readonly names: ModelNameMap;
  /** How long each phase of a model call may take where nothing else is configured. */
  abstract readonly deadlines: Deadlines;
}
