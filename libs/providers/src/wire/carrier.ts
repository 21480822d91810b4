import type { HttpResponse } from '../http/http-client.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { Transport } from './transport.js';
import type { WireRequest } from './wire-format.js';

/**
 * Sends one request for an answer and gives its response, of which nothing has been read: the vendor's SDK where there is one,
 * the transport itself elsewhere. @throws ProviderError unless the status is 2xx, or `signal.reason` once aborted
 */
export type Carrier<Body = unknown> = (
  request: WireRequest<Body>,
  ref: ModelRef,
  signal: AbortSignal,
) => Promise<HttpResponse>;

/** For APIs without an SDK. `path` is behind the base URL; a function where it names the model. */
export function carriedBy(transport: Transport, path: string | ((model: string) => string) = ''): Carrier {
  const usual = typeof path === 'string' ? () => path : path;
  return (request, ref, signal) => {
    const { method = 'POST', body, headers, path: own = usual(ref.model) } = request;
    return transport.send(method, own, { ref, body, headers }, signal);
  };
}
