import { operatorDetail } from '../http/operator-detail.js';
import { ProviderError, type ProviderErrorInit } from '../spec/provider-error.js';

/** What a failure is told with. */
export interface OwnContext extends Pick<ProviderErrorInit, 'ref'> {
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
}

/** What a person's code has thrown: a {@link ProviderError} as it is, anything else as `unavailable`, for the operator. */
export function ownFailure(error: unknown, { ref, secrets }: OwnContext): ProviderError {
  if (error instanceof ProviderError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ProviderError('unavailable', { ref, detail: operatorDetail(text, secrets), cause: error });
}

/** The settings whose names say that nobody may read them, wherever they stand. */
export function secretsOf(settings: unknown, name = ''): string[] {
  if (typeof settings === 'string')
    return /key|token|secret|password|credential|authorization/i.test(name) ? [settings] : [];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([field, value]) => secretsOf(value, `${name}.${field}`));
}
