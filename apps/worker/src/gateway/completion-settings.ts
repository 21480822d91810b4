import type { ResponseOptions, ProviderOptions } from '#providers';
import type { CacheOptions } from './cached-model.js';

/** The part of the configuration that completions need, to be injected. */
export abstract class CompletionSettings {
  /** Absent: no answer is cached. */
  abstract readonly cache: CacheOptions | undefined;
  /** Response format and parallel tool calls as the options of each provider that knows them. */
  abstract readonly responseOptions: (wanted: ResponseOptions) => ProviderOptions;
}
