import type { Price } from '../policies/policy-config.js';
import type { Usage } from '../spec/usage.js';

/**
 * What tokens cost, in millionths of the price table's currency, rounded once at the end. A price for a million tokens is a
 * number of millionths for one.
 */
export function costMicros(usage: Usage, price: Price): number {
  const {
    inputTokens = 0,
    outputTokens = 0,
    cachedInputTokens: cached = 0,
    cacheWriteInputTokens: written = 0,
  } = usage;
  const plain = Math.max(0, inputTokens - cached - written);
  const input =
    plain * price.input +
    cached * (price.cachedInput ?? price.input) +
    written * (price.cacheWriteInput ?? price.input);
  return Math.round(input + outputTokens * price.output);
}
