import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import { decorated } from '../spec/decorated-model.js';
import { documentsPrompt } from './documents-prompt.js';

/**
 * The model, which gets documents as part of its instructions where it does not take them as such: each model of a fallback chain in
 * its own way.
 */
export function withDocuments(model: LanguageModel): LanguageModel {
  if (model.capabilities.has('documents')) return model;
  const { countInput } = model;
  return decorated(model, {
    countInput: countInput && ((call, signal) => countInput.call(model, instructed(call), signal)),
    stream: (call, signal) => model.stream(instructed(call), signal),
  });
}

/** The call with its documents behind the instructions that it begins with. */
function instructed({ documents = [], ...call }: ModelCall): ModelCall {
  if (documents.length === 0) return call;
  const { prompt } = call;
  const [first, ...others] = prompt;
  const text = documentsPrompt(documents);
  if (first?.role !== 'system') return { ...call, prompt: [{ role: 'system', content: text }, ...prompt] };
  const content = [first.content, text].filter(Boolean).join('\n\n');
  return { ...call, prompt: [{ role: 'system', content }, ...others] };
}
