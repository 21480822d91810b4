import type { ModelAttempt, Usage } from '#providers';
import type { ModelUsage } from '#runtime';

/** The usage of these attempts by model; each model once. */
export function usageByModel(attempts: readonly ModelAttempt[]): ModelUsage[] {
  const byModel = new Map<string, ModelAttempt[]>();
  for (const attempt of attempts) {
    const { provider, model } = attempt.ref;
    const name = `${provider}/${model}`;
    byModel.set(name, [...(byModel.get(name) ?? []), attempt]);
  }
  return [...byModel.values()].flatMap(usageOfModel);
}

/** The tokens of all of them; undefined where no provider has counted any. */
export function sumUsage(attempts: readonly ModelAttempt[]): Usage | undefined {
  const sum: { -readonly [name in keyof Usage]: Usage[name] } = {};
  for (const { usage } of attempts) {
    for (const name of Object.keys(usage) as (keyof Usage)[]) sum[name] = (sum[name] ?? 0) + (usage[name] ?? 0);
  }
  return Object.keys(sum).length > 0 ? sum : undefined;
}

/** The cost of those that have a price; undefined where none has. */
export function sumCost(attempts: readonly ModelAttempt[]): number | undefined {
  const costs = attempts.flatMap(({ costMicros }) => costMicros ?? []);
  return costs.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) : undefined;
}

function usageOfModel(attempts: readonly ModelAttempt[]): ModelUsage[] {
  const [first] = attempts;
  if (!first) return [];
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0, reasoningTokens = 0 } = sumUsage(attempts) ?? {};
  const costMicros = sumCost(attempts);
  return [
    {
      ...first.ref,
      calls: attempts.length,
      inputTokens,
      outputTokens,
      cachedInputTokens,
      reasoningTokens,
      ...(costMicros !== undefined && { costMicros }),
      estimated: attempts.some(({ usageIs }) => usageIs === 'estimated'),
    },
  ];
}
