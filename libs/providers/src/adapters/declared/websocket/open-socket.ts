import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import { type Attempt, proxyAgent } from '../../../http/proxy-agent.js';
import { readBody } from '../../../http/read-body.js';

/** Where a WebSocket is, and how it is reached. */
export interface Endpoint {
  readonly url: string;
  readonly subprotocol: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The URL of a proxy, with its credentials. */
  readonly proxy: string | undefined;
}

/** An answer to the request for a connection that is none. */
export interface Refusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Nothing larger is a piece of an answer. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

/** How long the other side may take to say goodbye. */
const GOODBYE_MS = 1_000;

/**
 * Asks for a connection; `attempt` gives it up. The socket's events and `refused` report the outcome.
 * @throws TypeError or SyntaxError for headers and subprotocols that cannot be sent
 */
export function openSocket(
  { url, subprotocol, headers, proxy }: Endpoint,
  attempt: AbortSignal,
  refused: (refusal: Refusal) => void,
): WebSocket {
  const own: Attempt & { readonly closeTimeout: number } = { attempt, closeTimeout: GOODBYE_MS };
  const options: ClientOptions = {
    headers: { ...headers },
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    ...(proxy !== undefined && { agent: proxyAgent(proxy, 'tunnel', {}) }),
    ...own,
  };
  const socket = new WebSocket(url, subprotocol === undefined ? [] : [subprotocol], options);
  socket.on('unexpected-response', (_request: ClientRequest, response: IncomingMessage) => {
    const { statusCode: status = 0, headers: given } = response;
    void textOf(response).then((text) => refused({ status, headers: given, text }));
  });
  return socket;
}

/** As far as it can be had: the status alone says most of it. */
async function textOf(response: IncomingMessage): Promise<string> {
  try {
    return await readBody(response, MAX_ERROR_BYTES);
  } catch {
    return '(the body could not be read)';
  }
}
