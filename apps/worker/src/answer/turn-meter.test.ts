import { expect, it } from 'vitest';
import type { ModelAttempt } from '#providers';
import { TurnMeter } from './turn-meter.js';

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

it('names the model that answered, not the one that could not, nor one that was asked for something else', () => {
  const meter = new TurnMeter();
  meter.begin({ provider: 'first', model: 'm' });
  meter.record(attempt('titles'));
  meter.recordAnswer(attempt('first', { outcome: 'failed', usage: {} }));
  expect(meter.model).toEqual({ provider: 'first', model: 'm' });
  meter.recordAnswer(attempt('second'));
  meter.recordAnswer(attempt('third'));
  expect(meter.model).toEqual({ provider: 'second', model: 'm' });
});

it('sums what all calls came to', () => {
  const meter = new TurnMeter();
  meter.recordAnswer(attempt('a', { outcome: 'failed', usage: {} }));
  expect(meter.usage).toBeUndefined();
  meter.recordAnswer(attempt('a', { outcome: 'aborted' }));
  meter.record(attempt('b'));
  expect(meter.usage).toEqual({ inputTokens: 6, outputTokens: 4 });
});
