import { operatorDetail } from '../../http/operator-detail.js';
import { ProviderError, type ProviderErrorInit } from '../../spec/provider-error.js';

/** The context of a failure. */
export interface OwnContext extends Pick<ProviderErrorInit, 'ref'> {
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
}

/** What a module's code has thrown: a {@link ProviderError} unchanged, anything else as `unavailable`, for the operator. */
export function ownFailure(error: unknown, { ref, secrets }: OwnContext): ProviderError {
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

/** The settings whose names mark them as secret, at any depth. */
export function secretsOf(settings: unknown, name = ''): string[] {
  if (typeof settings === 'string')
    return /key|token|secret|password|credential|authorization/i.test(name) ? [settings] : [];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([field, value]) => secretsOf(value, `${name}.${field}`));
}
