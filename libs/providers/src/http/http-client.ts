import { Agent as HttpAgent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { POLICY_DEFAULTS } from '../spec/policy-config.js';
import { decoded } from './content-encoding.js';
import { bodyWithFiles } from './stored-bytes.js';
import { type Attempt, proxyAgent, through } from './proxy-agent.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH';

/** One HTTP request. `url` is absolute, at the origin that the client was made for. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A response whose body has not been read. The caller reads it to the end or calls `release`. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: IncomingMessage['headers'];
  readonly body: Readable;
  /**
   * The rest is not needed. `complete`: the message is known to have ended, so its last bytes are read and the connection is
   * reused. Otherwise the connection is closed at once, which tells the provider to stop.
   */
  release(complete: boolean): void;
}

export interface HttpClient {
  /** Sends one request, follows no redirect. @throws what node:http throws, or `signal.reason` once aborted */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

/** Below the 5 s after which common servers (uvicorn, Node) close idle connections: a reused one must not die under a request. */
const IDLE_CONNECTION_MS = 4_000;

/** How long the tail of a finished message may take before the connection is closed instead of reused. */
const TAIL_MS = 1_000;

/** How long a connection (TCP, the proxy's consent, TLS) may take until it is established. */
export const CONNECT_MS = POLICY_DEFAULTS.transport.connectMs;

export interface HttpClientOptions {
  /** The URL of a proxy through which everything goes, with its credentials. */
  readonly proxy?: string | undefined;
  /** What tests replace: milliseconds. */
  readonly connectMs?: number | undefined;
}

/**
 * A client for the origin of a URL (http or https) with connections of its own. Built on node:http because its
 * per-chunk cost is the lowest of what Node offers, and a model's stream is nothing but small chunks.
 */
export function createHttpClient(
  origin: string,
  { proxy, connectMs = CONNECT_MS }: HttpClientOptions = {},
): HttpClient {
  const secure = new URL(origin).protocol === 'https:';
  const agent = newAgent(secure, proxy);
  const request = secure ? httpsRequest : httpRequest;

  return {
    send({ method, url, headers, body }, signal) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const streamed = bodyWithFiles(body);
        const length = body === undefined ? {} : { 'content-length': streamed?.length ?? Buffer.byteLength(body) };
        const attempt = new AbortController();
        const options: Attempt = { attempt: attempt.signal };
        const outgoing = request(url, { method, agent, headers: { ...headers, ...length }, ...options });
        // Not node:http's own `signal` option: it destroys with an error, and when the response ends in the same moment
        // nothing listens for that error any more and the process dies (Node 20).
        const giveUp = (reason: unknown) => {
          reject(reason);
          attempt.abort();
          outgoing.destroy();
        };
        const abort = () => giveUp(signal.reason);
        const connected = limitConnecting(outgoing, connectMs, (error) => giveUp(through(proxy, error)));
        signal.addEventListener('abort', abort, { once: true });
        outgoing.on('close', () => {
          connected();
          signal.removeEventListener('abort', abort);
        });
        outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : through(proxy, error)));
        outgoing.on('response', (incoming) => {
          if (proxy === undefined || incoming.statusCode !== PROXY_REFUSES) return resolve(toResponse(incoming));
          giveUp(through(proxy, new Error('the proxy wants other credentials (407)')));
        });
        if (streamed) {
          pipeline(Readable.from(streamed.pieces(), { objectMode: false }), outgoing, (error) => {
            if (error) reject(signal.aborted ? signal.reason : error);
          });
        } else outgoing.end(body);
      });
    },
  };
}

/** A status that no server but a proxy sends. */
const PROXY_REFUSES = 407;

function newAgent(secure: boolean, proxy: string | undefined): HttpAgent {
  const options = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  if (proxy !== undefined) return proxyAgent(proxy, secure ? 'tunnel' : 'forward', options);
  return secure ? new HttpsAgent(options) : new HttpAgent(options);
}

/** Calls `late` unless the request has a connection in time. @returns what ends the wait */
function limitConnecting(outgoing: ClientRequest, ms: number, late: (error: Error) => void): () => void {
  // With the operating system's code, which has such a limit as well.
  const error = Object.assign(new Error(`no connection within ${ms} ms`), { code: 'ETIMEDOUT', syscall: 'connect' });
  const timer = setTimeout(() => late(error), ms);
  const stop = () => clearTimeout(timer);
  outgoing.on('socket', (socket) => {
    if (socket instanceof TLSSocket && !outgoing.reusedSocket) socket.once('secureConnect', stop);
    else if (socket.connecting) socket.once('connect', stop);
    else stop();
  });
  return stop;
}

function toResponse(incoming: IncomingMessage): HttpResponse {
  const body = decoded(incoming);
  // Errors after the reader has left do not matter, but must not be an unhandled 'error'.
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
