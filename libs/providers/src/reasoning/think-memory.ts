import type { ModelRef } from '../spec/model-ref.js';

/** `unmarked`: the model's thoughts come first, and only their end is marked. `plain`: its text is the answer. */
export type ThinkHabit = 'unmarked' | 'plain';

/** A server of one's own may be started with another model at any time. */
const KEPT_MS = 10 * 60_000;
/** Model names come from requests and may be invented. */
const MAX_MODELS = 1_000;

/** How models were seen to begin their answers, in this process. */
export class ThinkMemory {
  readonly #habits = new Map<string, { readonly habit: ThinkHabit; readonly until: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Undefined for a model that has not answered for some time. */
  of({ provider, model }: ModelRef): ThinkHabit | undefined {
    const seen = this.#habits.get(`${provider}/${model}`);
    return seen && seen.until > this.now() ? seen.habit : undefined;
  }

  learn({ provider, model }: ModelRef, habit: ThinkHabit | undefined): void {
    const key = `${provider}/${model}`;
    this.#habits.delete(key);
    if (this.#habits.size >= MAX_MODELS) this.#habits.clear();
    if (habit) this.#habits.set(key, { habit, until: this.now() + KEPT_MS });
  }
}
