import { operatorDetail } from '../../http/operator-detail.js';
import { ProviderError, type ProviderErrorInit } from '../../spec/provider-error.js';

/** The context of a failure. */
export interface ModuleFailureContext extends Pick<ProviderErrorInit, 'ref'> {
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
}

/**
 * What a module's code has thrown: a {@link ProviderError} unchanged, a network that failed as `unavailable`,
 * anything else as a fault of that code, which is asked again only where that may help.
 */
export function moduleFailure(error: unknown, { ref, secrets }: ModuleFailureContext): ProviderError {
  if (error instanceof ProviderError) return error;
  const detail = operatorDetail(wordsOf(error), secrets);
  if (isOfNetwork(error)) return new ProviderError('unavailable', { ref, detail, cause: error });
  return new ProviderError('module_failed', { ref, detail, retryable: !isBug(error), cause: error });
}

/** `fetch` gives the reason for a failure only in its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const code = 'code' in error && !message ? String(error.code) : '';
  return [name, message || code, ...(cause === undefined ? [] : [wordsOf(cause)])].join(': ');
}

/** Of Node (`ECONNREFUSED`, `EAI_AGAIN`), of its `fetch` (`UND_ERR_SOCKET`), and of a deadline; also as the cause of another. */
function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (NETWORK_CODE.test(code) || error.name === 'TimeoutError' || error.message === 'fetch failed') return true;
  return isOfNetwork(error.cause) || (error instanceof AggregateError && error.errors.some(isOfNetwork));
}

const NETWORK_CODE = /^(E(CONN|HOST|NET|NOTFOUND|TIMEDOUT|PIPE|AI_)|UND_ERR_)/;

/** It would fail in the same way again. */
const isBug = (error: unknown): boolean =>
  [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => error instanceof kind);
