import { type FitCall, ProviderError } from '#providers';
import { fitWindow } from '../answer/fit-window.js';

/**
 * A caller of the gateway has chosen its messages, and shortens them itself when it is told that they do not fit: none is left out
 * silently. @throws ProviderError `context_too_long`
 */
export const refuseTooLong: FitCall = async (model, call, signal) => {
  const { dropped } = await fitWindow(model, call, signal);
  if (dropped === 0) return call;
  const detail = `the messages do not fit into the context window of ${model.contextWindow} tokens; without the oldest ${dropped} they would`;
  throw new ProviderError('context_too_long', { ref: model.ref, detail });
};
