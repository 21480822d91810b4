import type { Price } from '../spec/policy-config.js';
import type { Usage } from '../spec/usage.js';

/**
 * What tokens cost, in millionths of the price table's currency, rounded once at the end. A price for a million tokens is a
 * number of millionths for one.
 */
export function costMicros(usage: Usage, price: Price): number {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  // A part is no more than the whole: some servers count more from the cache than the prompt has.
  const cached = Math.min(usage.cachedInputTokens ?? 0, inputTokens);
  const written = Math.min(usage.cacheWriteInputTokens ?? 0, inputTokens - cached);
  const plain = inputTokens - cached - written;
  const input =
    plain * price.input +
    cached * (price.cachedInput ?? price.input) +
    written * (price.cacheWriteInput ?? price.input);
  return Math.round(input + outputTokens * price.output);
}
