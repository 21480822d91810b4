import type { OutputTokensDetails, Usage as WireUsage } from '@anthropic-ai/sdk/resources/messages';
import { count, dropAbsent, object } from '../../../http/json.js';
import type { Usage } from '../../../spec/usage.js';
import type { Unchecked } from '../wire.js';

/**
 * Usage in our meaning. `input_tokens` is only what comes behind the last cached block on this wire, see
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching.
 */
export function toUsage(usage: Unchecked<WireUsage>): Usage {
  const fresh = count(usage.input_tokens);
  const read = count(usage.cache_read_input_tokens);
  const details: Unchecked<OutputTokensDetails> | undefined = object(usage.output_tokens_details);
  const written = count(usage.cache_creation_input_tokens);
  return dropAbsent<Usage>({
    inputTokens: fresh === undefined ? undefined : fresh + (read ?? 0) + (written ?? 0),
    outputTokens: count(usage.output_tokens),
    cachedInputTokens: read,
    cacheWriteInputTokens: written,
    reasoningTokens: count(details?.thinking_tokens),
  });
}
