import { operatorDetail } from '../../http/operator-detail.js';
import { ProviderError, type ProviderErrorInit } from '../../spec/provider-error.js';

/** The context of a failure. */
export interface ModuleFailureContext extends Pick<ProviderErrorInit, 'ref'> {
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
}

/** What a module's code has thrown: a {@link ProviderError} unchanged, anything else as `unavailable`, for the operator. */
export function moduleFailure(error: unknown, { ref, secrets }: ModuleFailureContext): ProviderError {
  if (error instanceof ProviderError) return error;
  const text = wordsOf(error);
  return new ProviderError('unavailable', { ref, detail: operatorDetail(text, secrets), cause: error });
}

/** `fetch` gives the reason for a failure only in its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const code = 'code' in error && !message ? String(error.code) : '';
  return [name, message || code, ...(cause === undefined ? [] : [wordsOf(cause)])].join(': ');
}
