import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { decoded } from './content-encoding.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH';

/** One HTTP request. `path` is put behind the client's base URL: `/chat/completions`. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A response whose body has not been read. Whoever gets one reads it to the end, or calls `release`. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: IncomingMessage['headers'];
  readonly body: Readable;
  /**
   * No more is wanted. `complete`: the message is known to be over, so its last bytes are let in and the connection is kept
   * for the next request. Otherwise the connection is closed at once, which is how a provider learns to stop.
   */
  release(complete: boolean): void;
}

export interface HttpClient {
  /** Sends one request, follows no redirect. @throws whatever node:http throws, or `signal.reason` once aborted */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

/** Below the 5 s after which common servers (uvicorn, Node) close idle connections: a reused one must not die under a request. */
const IDLE_CONNECTION_MS = 4_000;

/** How long the tail of a finished message may take before the connection is given up instead of kept. */
const TAIL_MS = 1_000;

/**
 * A client for one base URL (http or https, no trailing slash) with connections of its own. Built on node:http because its
 * per-chunk cost is the lowest of what Node offers, and a model's stream is nothing but small chunks.
 */
export function createHttpClient(baseUrl: string): HttpClient {
  const secure = new URL(baseUrl).protocol === 'https:';
  const options = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const request = secure ? httpsRequest : httpRequest;

  return {
    send({ method, path, headers, body }, signal) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
        const outgoing = request(baseUrl + path, { method, agent, headers: { ...headers, ...length } });
        // Not node:http's own `signal` option: it destroys with an error, and when the response ends in the same moment nobody
        // listens for that error any more and the process dies (Node 20).
        const abort = () => void outgoing.destroy();
        signal.addEventListener('abort', abort, { once: true });
        outgoing.on('close', () => signal.removeEventListener('abort', abort));
        outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : error));
        outgoing.on('response', (incoming) => resolve(toResponse(incoming)));
        outgoing.end(body);
      });
    },
  };
}

function toResponse(incoming: IncomingMessage): HttpResponse {
  const body = decoded(incoming);
  // Whatever goes wrong once nobody reads any more is of no consequence, but must not be an unhandled 'error'.
  body.on('error', () => undefined);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body,
    release: (complete) => (complete ? drain(incoming, body) : void incoming.destroy()),
  };
}

function drain(incoming: IncomingMessage, body: Readable): void {
  if (incoming.destroyed) return;
  const giveUp = setTimeout(() => incoming.destroy(), TAIL_MS).unref();
  incoming.on('close', () => clearTimeout(giveUp));
  body.resume();
}
