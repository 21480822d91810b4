import type { LanguageModel } from './language-model.js';

/**
 * The model, asked in another way; all else that is known of it stays. Without `countInput` in `changes` it counts as before,
 * with `undefined` not at all.
 */
export function decorated(
  model: LanguageModel,
  changes: Pick<LanguageModel, 'stream'> & { readonly countInput?: LanguageModel['countInput'] | undefined },
): LanguageModel {
  const { ref, capabilities, contextWindow, countInput, checkSettings, settingFacts } = model;
  const counts = 'countInput' in changes ? changes.countInput : countInput?.bind(model);
  return {
    ref,
    capabilities,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(counts && { countInput: counts }),
    ...(checkSettings && { checkSettings: checkSettings.bind(model) }),
    ...(settingFacts && { settingFacts: settingFacts.bind(model) }),
    stream: changes.stream,
  };
}
