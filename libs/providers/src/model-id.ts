import type { Provider } from './spec/provider.js';
import { ProviderError } from './spec/provider-error.js';

/** Longer than any vendor's: an ARN of Amazon has some 150 characters. */
const MAX_MODEL_ID = 512;

// oxlint-disable-next-line no-control-regex -- to find them is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** What is wrong with the id of a model, whatever provider it is for; undefined for nothing. */
function modelIdProblem(id: string): string | undefined {
  if (id.trim() === '') return 'the name of the model is empty';
  if (id.length > MAX_MODEL_ID) return `the name of the model has more than ${MAX_MODEL_ID} characters`;
  return CONTROL.test(id) || !isWellFormed(id) ? 'the name of the model has characters that no name has' : undefined;
}

/** Without half characters, which no URL can hold. */
const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

/** The provider, which knows no model whose id cannot be one. Ids come from callers. */
export function withModelIds(provider: Provider): Provider {
  const { transcribe } = provider;
  const checked = (model: string): string => {
    const detail = modelIdProblem(model);
    if (detail === undefined) return model;
    throw new ProviderError('model_unknown', { ref: { provider: provider.id, model: model.slice(0, 80) }, detail });
  };
  return {
    ...provider,
    model: (model, conversation) => provider.model(checked(model), conversation),
    ...(transcribe && {
      transcribe: async (model, speech, signal) => transcribe.call(provider, checked(model), speech, signal),
    }),
  };
}
