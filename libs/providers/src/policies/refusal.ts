import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';

const refusals = new WeakSet<Error>();

/** An error of ours: nobody was asked, so that asking again at once is no use. */
export function refusal(code: ProviderErrorCode, init: ProviderErrorInit): ProviderError {
  const error = new ProviderError(code, init);
  refusals.add(error);
  return error;
}

export const isRefusal = (error: Error): boolean => refusals.has(error);
