import type { Provider } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';

/** More than one name of a path, or none. */
const NO_NAME = /[/\\?#%\p{Cc}]|^\.{1,2}$/u;

/**
 * For SDKs that write the model into the path as it is: a caller's `../x` must not reach another one. `what`: what the name is
 * there, as in "a deployment".
 */
export function withModelInPath({ transcribe, ...provider }: Provider, what: string): Provider {
  const checked = (model: string) => {
    if (!NO_NAME.test(model)) return model;
    const detail = `"${model}" cannot be the name of ${what}`;
    throw new ProviderError('model_unknown', { ref: { provider: provider.id, model }, detail });
  };
  return {
    ...provider,
    model: (model, conversation) => provider.model(checked(model), conversation),
    ...(transcribe && {
      transcribe: async (model, speech, signal) => transcribe(checked(model), speech, signal),
    }),
  };
}
