import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { StreamPart } from '../spec/stream-part.js';

/** A model that answers with the given parts, throwing where an Error stands among them, and keeps the calls it got. */
export function scriptedModel(
  script: readonly (StreamPart | Error)[],
): LanguageModel & { readonly calls: ModelCall[] } {
  const calls: ModelCall[] = [];
  return {
    ref: { provider: 'scripted', model: 'scripted' },
    capabilities: new Set(['chat', 'generate', 'stream']),
    calls,
    async *stream(call, signal) {
      calls.push(call);
      for (const step of script) {
        signal.throwIfAborted();
        if (step instanceof Error) throw step;
        yield step;
      }
    },
  };
}
