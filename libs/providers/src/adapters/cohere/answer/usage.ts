import { count, dropAbsent, object } from '../../../http/json.js';
import type { Usage } from '../../../spec/usage.js';

/**
 * What the model read and wrote, with what Cohere adds to a prompt. `billed_units`, which leaves that out, counts only where
 * a server says nothing else.
 */
export function usageOf(value: unknown): Usage | undefined {
  const usage = object(value);
  if (!usage) return undefined;
  const tokens = object(usage['tokens']) ?? object(usage['billed_units']) ?? {};
  return dropAbsent<Usage>({
    inputTokens: count(tokens['input_tokens']),
    outputTokens: count(tokens['output_tokens']),
    cachedInputTokens: count(usage['cached_tokens']),
    reasoningTokens: count(tokens['reasoning_tokens']),
  });
}
