import type { ModelCall } from '../spec/language-model.js';
import { ProviderError } from '../spec/provider-error.js';
import type { Feature } from '../spec/feature.js';
import type { LearnedFeatures } from './learned-features.js';

/** How many different refusals one call answers: a server that finds fault with everything is not asked forever. */
const MAX_REFUSALS = 3;

/**
 * Asks once more, without it, when a model refuses something that may be left out; see `refusal-words.ts`. What is known to be refused is
 * left out from the beginning. One object for each call, so that its retries go on with what it has learned.
 */
export class AskWithout {
  #without: ReadonlySet<Feature> | undefined;
  #refusals = 0;

  constructor(
    private readonly learned: LearnedFeatures,
    private readonly call: ModelCall,
  ) {}

  /** @param ask one attempt, before the first part of its answer. @throws what it throws */
  async ask<T>(ask: (call: ModelCall) => Promise<T>): Promise<T> {
    const { call } = this;
    const effort = call.settings?.reasoningEffort;
    this.#without ??= new Set((await this.learned.known(effort)).filter((feature) => !call.mustHave?.has(feature)));
    const lasting: { readonly feature: Feature; readonly error: ProviderError }[] = [];
    for (;;) {
      try {
        const answer = await ask(this.#without.size > 0 ? { ...call, without: this.#without } : call);
        for (const { feature, error } of lasting) this.learned.learn([feature], effort, error, call.caller);
        return answer;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const refused = this.#refusedBy(error);
        if (refused.length === 0) throw error;
        for (const { feature, lasts } of refused) if (lasts) lasting.push({ feature, error });
        this.#without = new Set([...this.#without, ...refused.map(({ feature }) => feature)]);
      }
    }
  }

  /** What is left out in the next request: nothing twice, and nothing that the caller insists on. */
  #refusedBy(error: ProviderError): ProviderError['refused'] {
    const refused = error.refused.filter(
      ({ feature }) => !this.#without?.has(feature) && !this.call.mustHave?.has(feature),
    );
    if (refused.length === 0 || ++this.#refusals > MAX_REFUSALS) return [];
    return refused;
  }
}
