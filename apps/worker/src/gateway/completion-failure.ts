import { customError, type ErrorEvent } from '#chatkit';
import { HookRefusal, ProviderError } from '#providers';
import { type GatewayError, gatewayErrorOf, type Outcome } from '#runtime';
import { runErrorOf } from '../attempt/run-error-of.js';
import { UnsupportedError } from './completion-errors.js';

/** How a failed call is kept on its row, and what its caller is told. */
export interface GatewayFailure {
  readonly outcome: Outcome;
  readonly told: GatewayError;
}

export function failureOf(error: unknown, showCauses: boolean): GatewayFailure {
  const { errorCode, errorDetail } = runErrorOf(error);
  const told = { ...gatewayErrorOf(errorCode, errorDetail, showCauses), ...ownWords(error) };
  const userError: ErrorEvent | undefined = error instanceof HookRefusal ? customError(error.message) : undefined;
  return { outcome: { state: 'failed', errorCode, errorDetail, ...(userError && { userError }) }, told };
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
