import { count, dropAbsent, type Json, object } from '../../../../http/json.js';
import type { Usage } from '../../../../spec/usage.js';
import { outputWithReasoning } from '../../../../wire/usage.js';

/**
 * Where a server counts reasoning tokens: as its numbers say, within `completion_tokens`, as OpenAI does, or beside them; beside them,
 * in a field of their own (xAI); or beside them in `total_tokens` alone (Gemini). All of them are paid for as output.
 */
export type ReasoningCount = 'as_counted' | 'beside_completion' | 'in_total';

/** Usage of a chunk or answer; Groq has it in `x_groq` too, DeepSeek and Perplexity have names of their own for details. */
export function usageOf(frame: Json, counted: ReasoningCount): Usage | undefined {
  const usage = object(frame['usage']) ?? object(object(frame['x_groq'])?.['usage']);
  if (!usage) return undefined;
  const cached = object(usage['prompt_tokens_details'])?.['cached_tokens'];
  const reasoning = object(usage['completion_tokens_details'])?.['reasoning_tokens'];
  const tokens = {
    inputTokens: count(usage['prompt_tokens']),
    outputTokens: count(usage['completion_tokens']),
    totalTokens: count(usage['total_tokens']),
    cachedInputTokens: count(cached ?? usage['prompt_cache_hit_tokens'] ?? usage['cached_tokens']),
    reasoningTokens: count(reasoning ?? usage['reasoning_tokens']),
  };
  return dropAbsent({ ...tokens, outputTokens: OUTPUT[counted](tokens) });
}

/** Output with reasoning, from what each kind of server reports. */
const OUTPUT: Readonly<Record<ReasoningCount, (tokens: Usage) => number | undefined>> = {
  as_counted: outputWithReasoning,
  /** A total that has no room for the reasoning says that it is within the completion after all. */
  beside_completion({ inputTokens = 0, outputTokens, totalTokens = Infinity, reasoningTokens = 0 }) {
    if (outputTokens === undefined) return undefined;
    const sum = outputTokens + reasoningTokens;
    return inputTokens + sum > totalTokens ? outputTokens : sum;
  },
  in_total({ inputTokens = 0, outputTokens, totalTokens = 0 }) {
    if (outputTokens === undefined) return undefined;
    return Math.max(outputTokens, totalTokens - inputTokens);
  },
};
