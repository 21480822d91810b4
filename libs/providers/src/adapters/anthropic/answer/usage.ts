import { count, dropAbsent, type Json, object } from '../../../http/json.js';
import type { Usage } from '../../../spec/usage.js';

/**
 * Usage in our meaning. `input_tokens` is only what comes behind the last cached block on this wire, see
 * https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
 */
export function toUsage(usage: Json): Usage {
  const fresh = count(usage['input_tokens']);
  const read = count(usage['cache_read_input_tokens']);
  const written = count(usage['cache_creation_input_tokens']);
  return dropAbsent<Usage>({
    inputTokens: fresh === undefined ? undefined : fresh + (read ?? 0) + (written ?? 0),
    outputTokens: count(usage['output_tokens']),
    cachedInputTokens: read,
    cacheWriteInputTokens: written,
    reasoningTokens: count(object(usage['output_tokens_details'])?.['thinking_tokens']),
  });
}
