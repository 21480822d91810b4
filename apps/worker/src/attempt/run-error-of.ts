import { StreamError } from '#chatkit';
import { HookRefusal, type Message, ProviderError, type ProviderErrorCode } from '#providers';
import type { RunErrorCode } from '#runtime';
import { LogCeilingError } from '#runtime/worker';
import { authorFailure, withPlace } from '../module-loader/author-frames.js';
import { loggableMessage } from '../module-loader/loggable-text.js';
import { RunFailure } from './run-failure.js';

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
  module_failed: 'provider.module_failed',
  circuit_open: 'provider.circuit_open',
  all_failed: 'provider.all_failed',
};

/** Failures whose cause may be a line of an author's code. */
const BUGS: ReadonlySet<RunErrorCode> = new Set(['run.internal', 'run.assistant', 'provider.module_failed']);

/**
 * What a failure is called on the run's row, and the detail for the operator: for a bug with the author's line. It quotes
 * nothing of what was `said`.
 */
export function runErrorOf(
  error: unknown,
  said: readonly Message[] = [],
): { readonly errorCode: RunErrorCode; readonly errorDetail: string } {
  const errorCode = codeOf(error);
  const detail = loggableMessage(error, said);
  return { errorCode, errorDetail: BUGS.has(errorCode) ? withPlace(detail, error) : detail };
}

/** The stack of a bug, for the log. */
export const bugStack = (error: unknown): string | undefined =>
  BUGS.has(codeOf(error)) ? authorFailure(error)?.stack : undefined;

/** The worker's own failures carry their code; those of the libraries, which know no run, get it here. */
function codeOf(error: unknown): RunErrorCode {
  if (error instanceof RunFailure) return error.errorCode;
  if (error instanceof ProviderError) return FROM_PROVIDER[error.code];
  if (error instanceof LogCeilingError) return 'run.answer_too_large';
  if (error instanceof StreamError) return 'run.assistant_says';
  if (error instanceof HookRefusal) return 'run.refused';
  return 'run.internal';
}
