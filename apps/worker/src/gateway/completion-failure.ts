import { customError, type ErrorEvent } from '#chatkit';
import { HookRefusal, ProviderError } from '#providers';
import { type GatewayError, gatewayErrorOf } from '#runtime';
import type { Ending } from '../attempt/run-attempt.js';
import { runErrorOf } from '../attempt/run-error-of.js';
import { UnsupportedError } from './completion-errors.js';

/** How a failed completion is stored on its run's row, and the error that its caller gets. */
export interface CompletionFailure {
  readonly outcome: Ending['outcome'];
  readonly reply: GatewayError;
}

export function completionFailure(error: unknown, showCauses: boolean): CompletionFailure {
  const { errorCode, errorDetail } = runErrorOf(error);
  const reply = { ...gatewayErrorOf(errorCode, errorDetail, showCauses), ...ownWords(error) };
  const userError: ErrorEvent | undefined = error instanceof HookRefusal ? customError(error.message) : undefined;
  return { outcome: { state: 'failed', errorCode, errorDetail, ...(userError && { userError }) }, reply };
}

function ownWords(error: unknown): Partial<GatewayError> {
  if (error instanceof HookRefusal) {
    const { message, status, code } = error;
    return { message, status, code, type: status === 403 ? 'permission_error' : 'invalid_request_error' };
  }
  if (error instanceof UnsupportedError) {
    return {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      message: error.message,
      param: error.param,
    };
  }
  if (error instanceof ProviderError && error.retryAfterMs !== undefined) {
    return { retryAfterSeconds: Math.max(1, Math.ceil(error.retryAfterMs / 1000)) };
  }
  return {};
}
