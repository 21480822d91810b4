import type { Usage } from '../spec/usage.js';

/**
 * Output with the reasoning, which is paid for as output. Where a server counts it beside its output, the numbers say so: there is
 * more reasoning than output, or the total has room for all three.
 */
export function outputWithReasoning(tokens: { readonly [Field in keyof Usage]?: Usage[Field] | undefined }):
  number | undefined {
  const { inputTokens = 0, outputTokens, totalTokens, reasoningTokens = 0 } = tokens;
  if (outputTokens === undefined || reasoningTokens === 0) return outputTokens;
  const sum = outputTokens + reasoningTokens;
  const isBeside = reasoningTokens > outputTokens || totalTokens === inputTokens + sum;
  return isBeside ? sum : outputTokens;
}

/** What is known with what is told now: an empty or zero count takes nothing back. */
export function mergeUsage(known: Usage | undefined, told: Usage | undefined): Usage | undefined {
  if (!known || !told) return told ?? known;
  const news = Object.entries(told).filter(
    ([field, value]) => value !== 0 || known[field as keyof Usage] === undefined,
  );
  return { ...known, ...Object.fromEntries(news) };
}
