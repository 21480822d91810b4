import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';

const refusals = new WeakSet<Error>();

/** An error of our own: no request was made, and retrying at once would not help. */
export function refusal(code: ProviderErrorCode, init: ProviderErrorInit): ProviderError {
  const error = new ProviderError(code, init);
  refusals.add(error);
  return error;
}

export const isRefusal = (error: Error): boolean => refusals.has(error);
