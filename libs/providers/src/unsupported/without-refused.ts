import { warnedParts } from '../parts/warned-parts.js';
import type { LanguageModel } from '../spec/language-model.js';
import { withoutFeatures } from './without-features.js';

/** The model, asked without what `ModelCall.without` names. Outside of everything that reads the prompt, the settings and the tools. */
export function withoutRefused(model: LanguageModel): LanguageModel {
  return {
    ...model,
    stream(call, signal) {
      if (!call.without) return model.stream(call, signal);
      const { call: left, warnings } = withoutFeatures(call, call.without);
      return warnedParts(warnings, model.stream(left, signal));
    },
  };
}
