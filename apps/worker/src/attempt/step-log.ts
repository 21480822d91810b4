import type { ModelAttempt } from '#providers';
import type { DatabaseClock } from '#runtime';
import type { RunTrace } from './run-trace.js';
import { MAX_STEPS, type ModelStep, type RunSteps, type ToolStep } from '#runtime/worker';

/** Notes what an attempt does, for the timeline that administrators see: names, times and counts. */
export class StepLog {
  private readonly list: (ModelStep | ToolStep)[] = [];
  private more = 0;

  constructor(
    private readonly clock: Pick<DatabaseClock, 'now'>,
    private readonly trace?: RunTrace,
  ) {}

  get steps(): RunSteps {
    return { list: this.list, more: this.more };
  }

  /** A model call that is over. */
  model({ ref, outcome, error, usage, costMicros, firstPartMs, durationMs }: ModelAttempt): void {
    this.add(durationMs, (at) => ({
      kind: 'model',
      at,
      ms: Math.round(durationMs),
      ...(firstPartMs !== undefined && { firstMs: Math.round(firstPartMs) }),
      provider: ref.provider,
      model: ref.model,
      outcome,
      ...(error && { code: error.code }),
      ...(usage.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
      ...(usage.outputTokens !== undefined && { outputTokens: usage.outputTokens }),
      ...(costMicros !== undefined && { costMicros }),
    }));
  }

  /** A tool while it runs; returns what it returns, and throws what it throws. */
  async tool<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    const over = (outcome: ToolStep['outcome']): void => {
      const ms = performance.now() - began;
      this.add(ms, (at) => ({ kind: 'tool', at, ms: Math.round(ms), name, outcome }));
    };
    try {
      const result = await (this.trace ? this.trace.tool(name, run) : run());
      over('completed');
      return result;
    } catch (error) {
      over('failed');
      throw error;
    }
  }

  private add(ms: number, step: (at: string) => ModelStep | ToolStep): void {
    if (this.list.length >= MAX_STEPS) this.more += 1;
    else this.list.push(step(new Date(this.clock.now().getTime() - ms).toISOString()));
  }
}
