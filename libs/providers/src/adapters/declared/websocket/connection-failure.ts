import { operatorDetail } from '../../../http/operator-detail.js';
import { ProviderError, type ProviderErrorCode } from '../../../spec/provider-error.js';
import type { FailureContext } from '../../../wire/errors.js';

/** A connection that was established and is lost. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  /** @param status why it was closed (RFC 6455, 7.4); 1006: without a reason */
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(`the connection was closed: ${status} ${reason}`.trim());
  }
}

/** Closed without a reason, or because the server goes away, has failed, restarts or is busy: the key is not at fault. */
const NO_REFUSAL: ReadonlySet<number> = new Set([1001, 1006, 1011, 1012, 1013, 1014]);

/** https://www.iana.org/assignments/websocket/websocket.xhtml, and 4000 + HTTP status, as many have it. */
const BY_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  1013: 'overloaded',
  3000: 'bad_key',
  3003: 'no_access',
  3008: 'timeout',
  4401: 'bad_key',
  4403: 'no_access',
  4429: 'rate_limited',
};

/** When it was lost: before it had let us in, before the first message of an answer, or after it. */
type Moment = 'entering' | 'waiting' | 'answering';

export function lostConnection(
  { status, message }: ConnectionLost,
  moment: Moment,
  { ref, secrets }: FailureContext,
): ProviderError {
  return new ProviderError(codeOf(status, moment), { ref, detail: operatorDetail(message, secrets) });
}

function codeOf(status: number, moment: Moment): ProviderErrorCode {
  if (moment === 'answering') return 'stream_truncated';
  const code = BY_STATUS[status];
  if (code) return code;
  if (moment === 'entering') return NO_REFUSAL.has(status) ? 'unavailable' : 'bad_key';
  // A policy was violated.
  return status === 1008 ? 'no_access' : 'unavailable';
}
