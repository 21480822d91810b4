import { ProviderError, type ProviderErrorCode } from '#providers';
import { LogCeilingError, type RunErrorCode } from '#runtime';

/** Total: a new provider error does not compile until it has a place on the run's row. */
const FROM_PROVIDER: Record<ProviderErrorCode, RunErrorCode> = {
  bad_key: 'provider.bad_key',
  no_access: 'provider.no_access',
  bad_request: 'provider.bad_request',
  model_unknown: 'provider.model_unknown',
  context_too_long: 'provider.context_too_long',
  content_filtered: 'provider.content_filtered',
  rate_limited: 'provider.rate_limited',
  overloaded: 'provider.overloaded',
  unavailable: 'provider.unavailable',
  timeout: 'provider.timeout',
  stream_truncated: 'provider.stream_truncated',
  malformed_response: 'provider.malformed_response',
  empty_response: 'provider.empty_response',
  all_failed: 'provider.all_failed',
};

/** What a failure is called on the run's row, and what the operator reads beside it. */
export function runErrorOf(error: unknown): { readonly errorCode: RunErrorCode; readonly errorDetail: string } {
  if (error instanceof ProviderError) return { errorCode: FROM_PROVIDER[error.code], errorDetail: error.message };
  if (error instanceof LogCeilingError) return { errorCode: 'run.answer_too_large', errorDetail: error.message };
  return { errorCode: 'run.internal', errorDetail: error instanceof Error ? error.message : String(error) };
}
