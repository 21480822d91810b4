/**
 * Tokens of one model call as the provider reported them; a field is absent when the provider did not say.
 * Adapters convert to one meaning: input includes the cached part, output includes the reasoning part.
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  /** The part of `inputTokens` that was read from the provider's prompt cache. */
  readonly cachedInputTokens?: number;
  /** The part of `inputTokens` that was written into the provider's prompt cache, where that has a price of its own. */
  readonly cacheWriteInputTokens?: number;
  /** The part of `outputTokens` that was spent on reasoning. */
  readonly reasoningTokens?: number;
}
