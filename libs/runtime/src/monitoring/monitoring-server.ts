import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../platform/logger.js';

export interface MonitoringAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What is answered at each path. */
export type MonitoringRoutes = Readonly<Record<string, () => MonitoringAnswer | Promise<MonitoringAnswer>>>;

/** Where to listen; `setting`: the variable that an error names. */
export interface MonitoringAddress {
  readonly setting: string;
  readonly host: string;
  readonly port: number;
}

export interface MonitoringServer {
  readonly url: string;
  close(): Promise<void>;
}

const READ_WITHIN_MS = 5_000;
/** Monitors and orchestrators keep one or two each. */
const MAX_CONNECTIONS = 64;

export const jsonAnswer = (status: number, value: object): MonitoringAnswer => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

const refusal = (status: number, code: string, message: string): MonitoringAnswer =>
  jsonAnswer(status, { error: { code, message } });

const NOT_FOUND = refusal(404, 'route.not_found', 'There is nothing at this address.');
const ONLY_GET = refusal(405, 'method.not_allowed', 'Only GET is answered here.');
const STRANGE_HOST = refusal(
  403,
  'host.refused',
  'This port is for its own machine: ask it by localhost or 127.0.0.1.',
);
const FAILED = refusal(500, 'internal', 'Something went wrong on the server.');

/**
 * A server for monitors and orchestrators, on a port of its own: it asks for no credentials, so it listens where only they
 * come. On loopback it answers to loopback names only: a page can make its own name point at this machine (DNS rebinding).
 */
export async function serveMonitoring(
  { setting, host, port }: MonitoringAddress,
  routes: MonitoringRoutes,
  logger: Pick<Logger, 'error'>,
): Promise<MonitoringServer> {
  const mayAsk = isLoopback(host) ? asksLoopback : () => true;
  const server = createServer((request, response) => {
    void answerTo(request, routes, mayAsk)
      .catch((error: unknown) => {
        logger.error({ err: error, path: request.url }, 'cannot answer a monitor');
        return FAILED;
      })
      .then((answer) => send(answer, request, response));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.headersTimeout = READ_WITHIN_MS;
  server.requestTimeout = READ_WITHIN_MS;
  await listen(server, setting, host, port);
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () => close(server),
  };
}

async function answerTo(
  { method, url = '', headers }: IncomingMessage,
  routes: MonitoringRoutes,
  mayAsk: (host: string | undefined) => boolean,
): Promise<MonitoringAnswer> {
  if (!mayAsk(headers.host)) return STRANGE_HOST;
  const path = url.split('?', 1)[0] ?? '';
  if (!Object.hasOwn(routes, path)) return NOT_FOUND;
  if (method !== 'GET' && method !== 'HEAD') return ONLY_GET;
  return routes[path]?.() ?? NOT_FOUND;
}

function send(
  { status, contentType, body }: MonitoringAnswer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // A body, of which there should be none, is not read.
  const closes = request.complete ? {} : { connection: 'close' };
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...closes,
  });
  response.end(body);
}

const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

const isLoopback = (host: string): boolean => LOOPBACK_NAME.test(host.includes(':') ? `[${host}]` : host);
const asksLoopback = (host: string | undefined): boolean => host !== undefined && LOOPBACK_NAME.test(host);

function listen(server: Server, setting: string, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`${setting}: cannot listen at ${host}:${port}: ${error.message}`)),
    );
    server.listen(port, host, resolve);
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
