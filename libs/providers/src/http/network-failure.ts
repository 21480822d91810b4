import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';
import { operatorDetail } from './operator-detail.js';

/**
 * What an exception of the HTTP client means. `started`: the response had begun, so that something of it is lost.
 * A {@link ProviderError} is passed on as it is.
 */
export function networkFailure(
  error: unknown,
  { ref, started, secrets }: Pick<ProviderErrorInit, 'ref'> & { started: boolean; secrets: readonly string[] },
): ProviderError {
  if (error instanceof ProviderError) return error;
  const word = errorCode(error);
  const text = error instanceof Error ? error.message : 'unknown failure';
  const detail = operatorDetail([word, text].filter(Boolean).join(': '), secrets);
  const connecting =
    word === 'ETIMEDOUT' && error instanceof Error && 'syscall' in error && error.syscall === 'connect';
  // A piece, or a tool call, that is larger than any provider's.
  return new ProviderError(error instanceof RangeError ? 'malformed_response' : toCode(word, started), {
    ref,
    detail,
    ...(connecting && { phase: 'connect' }),
    cause: error,
  });
}

function toCode(word: string, started: boolean): ProviderErrorCode {
  // The request never left: a key or header that cannot be sent, a URL that is none.
  if (/^ERR_(INVALID|HTTP_INVALID|UNESCAPED)/.test(word)) return 'bad_request';
  // Not HTTP, not the announced compression, not WebSocket, or not the announced frames.
  if (/^(HPE|Z|WS_ERR|ERR_FRAME)_/.test(word)) return 'malformed_response';
  if (started) return 'stream_truncated';
  return word === 'ETIMEDOUT' ? 'timeout' : 'unavailable';
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
