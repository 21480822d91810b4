import { type FinishReason, ProviderError, type ModelRef, type StreamPart, type Usage } from '#providers';

/** What every completion, and every chunk of one, begins with. */
export interface CompletionHead {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  /** As the caller named it. */
  readonly model: string;
}

/** An answer that is being translated into OpenAI's format. */
export interface Completion {
  /** What to send at once; empty for parts that have no frame. Throws a `ProviderError` for what cannot be withdrawn. */
  accept(part: StreamPart): string;
  /** What to send when the run has settled. */
  end(finish: FinishReason, usage: Usage | undefined): string;
}

type FinishName = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** @throws ProviderError `unavailable` for an answer that the model itself ended as failed */
export function finishName({ unified, raw }: FinishReason, hasCalls: boolean, ref: ModelRef): FinishName {
  if (unified === 'error') throw new ProviderError('unavailable', { ref, detail: `the model ended with ${raw}` });
  if (unified === 'length' || unified === 'content_filter') return unified;
  // Not every provider reports that an answer ends in tool calls.
  return hasCalls ? 'tool_calls' : 'stop';
}

/** OpenAI's usage object; 0 where the provider counted nothing. */
export function toUsage(usage: Usage = {}) {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: usage.totalTokens ?? inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}

/**
 * A picture of the answer as OpenRouter's clients know it, in `images` of a message or delta
 * (https://openrouter.ai/docs/features/multimodal/image-generation); OpenAI's own chat completions make none.
 */
export const toImage = ({ mediaType, data }: Extract<StreamPart, { type: 'image-end' }>, index: number) => ({
  type: 'image_url',
  image_url: { url: `data:${mediaType};base64,${data}` },
  index,
});

/** A citation, as far as OpenAI's format has a place for it. */
export function toAnnotation(part: Extract<StreamPart, { type: 'source' }>) {
  const { source } = part;
  if (source.type !== 'url') return undefined;
  const { url, title = '', startIndex = 0, endIndex = 0 } = source;
  return { type: 'url_citation', url_citation: { url, title, start_index: startIndex, end_index: endIndex } };
}
