import type { Usage } from '#providers';
import type { Outcome, RunUsage } from '#runtime/worker';
import type { UsageMeter } from './usage-meter.js';

/** Closes the meter: what the run's model calls came to, for its row. */
export function measured(meter: UsageMeter): Omit<Outcome, 'state'> {
  const { model, usage, costMicros, byModel } = meter.close();
  const { firstTextAt, extra } = meter;
  return {
    ...(model && { provider: model.provider, model: model.model }),
    ...((usage ?? extra) && { usage: toRunUsage(usage ?? {}, extra) }),
    ...(costMicros !== undefined && { costMicros }),
    modelUsage: byModel,
    ...(firstTextAt && { firstTokenAt: firstTextAt }),
  };
}

function toRunUsage({ inputTokens, outputTokens, ...details }: Usage, extra: UsageMeter['extra']): RunUsage {
  return { inputTokens, outputTokens, details: { ...details, ...(extra && { extra }) } };
}
