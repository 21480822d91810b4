import type { LanguageModel } from '../spec/language-model.js';
import type { StreamPart, Warning } from '../spec/stream-part.js';
import { withoutFeatures } from './without-features.js';

/** The model, asked without what `ModelCall.without` names. Outside of everything that reads the prompt, the settings and the tools. */
export function withoutRefused(model: LanguageModel): LanguageModel {
  return {
    ...model,
    stream(call, signal) {
      if (!call.without) return model.stream(call, signal);
      const { call: left, warnings } = withoutFeatures(call, call.without);
      const parts = model.stream(left, signal);
      return { [Symbol.asyncIterator]: () => new WarnedIterator(warnings, parts[Symbol.asyncIterator]()) };
    },
  };
}

/** Warnings first; then the source's own promises are passed on, so that a token has no extra cost. */
class WarnedIterator implements AsyncIterator<StreamPart, void, undefined> {
  private handedOn = 0;

  constructor(
    private readonly warnings: readonly Warning[],
    private readonly source: AsyncIterator<StreamPart, void>,
  ) {}

  next(): Promise<IteratorResult<StreamPart, void>> {
    const warning = this.warnings[this.handedOn++];
    return warning ? Promise.resolve({ done: false, value: { type: 'warning', warning } }) : this.source.next();
  }

  async return(): Promise<IteratorResult<StreamPart, void>> {
    await this.source.return?.();
    return { done: true, value: undefined };
  }
}
