import { describe, expect, it } from 'vitest';
import type { ModelAttempt } from '#providers';
import { UsageMeter } from './usage-meter.js';

const attempt = (provider: string, more: Partial<ModelAttempt> = {}): ModelAttempt => ({
  ref: { provider, model: 'm' },
  outcome: 'completed',
  usage: { inputTokens: 3, outputTokens: 2 },
  usageIs: 'reported',
  messages: 1,
  startedAt: new Date(0),
  durationMs: 1,
  characters: 1,
  ...more,
});

const asked = (attempts: readonly ModelAttempt[]): UsageMeter => {
  const meter = new UsageMeter();
  for (const one of attempts) meter.recordAnswer(one);
  return meter;
};

describe('the usage of an attempt', () => {
  it('names the model of the last completed answer, not one that was asked for something else', () => {
    const meter = asked([attempt('a'), attempt('b'), attempt('c', { outcome: 'aborted' })]);
    meter.record(attempt('titles'));
    expect(meter.close().model).toEqual({ provider: 'b', model: 'm' });
  });

  it('names the first model where none was complete', () => {
    const failed = { outcome: 'failed', usage: {} } as const;
    expect(asked([attempt('a', failed), attempt('b', failed)]).close().model?.provider).toBe('a');
    expect(new UsageMeter().close()).toEqual({
      model: undefined,
      usage: undefined,
      costMicros: undefined,
      byModel: [],
    });
  });

  it('sums all calls, and each model by itself', () => {
    const meter = asked([
      attempt('a', { outcome: 'failed', usage: {} }),
      attempt('a', { costMicros: 5, usageIs: 'estimated' }),
    ]);
    meter.record(attempt('b', { usage: { inputTokens: 7, cachedInputTokens: 4, reasoningTokens: 1 } }));
    const { usage, costMicros, byModel } = meter.close();
    expect(usage).toEqual({ inputTokens: 10, outputTokens: 2, cachedInputTokens: 4, reasoningTokens: 1 });
    expect(costMicros).toBe(5);
    const tokens = { inputTokens: 3, outputTokens: 2, cachedInputTokens: 0, reasoningTokens: 0 };
    expect(byModel).toEqual([
      { provider: 'a', model: 'm', calls: 2, ...tokens, costMicros: 5, estimated: true },
      {
        provider: 'b',
        model: 'm',
        calls: 1,
        inputTokens: 7,
        outputTokens: 0,
        cachedInputTokens: 4,
        reasoningTokens: 1,
        estimated: false,
      },
    ]);
  });

  it('separates what comes after it was closed, and passes it on once, however late', () => {
    const reported: string[] = [];
    const late: string[] = [];
    const meter = new UsageMeter(({ ref }) => reported.push(ref.provider));
    meter.recordAnswer(attempt('a'));
    const totals = meter.close();
    meter.record(attempt('b'));
    meter.followLate(({ ref }) => late.push(ref.provider));
    meter.recordAnswer(attempt('c'));
    expect([reported, late]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
    expect(meter.close()).toBe(totals);
    expect(totals.byModel).toHaveLength(1);
  });
});
