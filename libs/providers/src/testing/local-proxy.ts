import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A request to the proxy: what was asked of it, and with which credentials. */
interface Proxied {
  /** `CONNECT host:port`, or `GET http://host:port/path`. */
  readonly line: string;
  readonly authorization: string | undefined;
  /** Settles when the client has closed the connection. */
  readonly closed: Promise<unknown>;
}

export interface LocalProxy {
  /** Without a trailing slash or credentials. */
  readonly url: string;
  readonly host: string;
  readonly requests: readonly Proxied[];
  close(): Promise<void>;
}

/**
 * An HTTP proxy on a free loopback port, for both ways of using one. `answer` is the status of its refusal, or `silence` for
 * one that never answers.
 */
export async function startLocalProxy(answer?: number | 'silence'): Promise<LocalProxy> {
  const requests: Proxied[] = [];
  const tunnels = new Set<Socket>();
  const see = (request: IncomingMessage) => {
    requests.push({
      line: `${request.method} ${request.url}`,
      authorization: request.headers['proxy-authorization'],
      closed: new Promise((resolve) => request.socket.once('close', resolve)),
    });
  };
  const server = createServer((request, response) => {
    see(request);
    if (answer === undefined) forward(request, response);
    else if (answer !== 'silence') response.writeHead(answer).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    see(request);
    tunnels.add(socket);
    socket.on('error', () => undefined);
    if (answer === undefined) tunnel(request, socket);
    else if (answer !== 'silence') socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    // Node's server leaves its half open.
    else socket.resume().on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    requests,
    close: () => {
      for (const socket of tunnels) socket.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function tunnel({ url = '' }: IncomingMessage, socket: Socket): void {
  const { hostname, port } = new URL(`http://${url}`);
  const upstream = connect(Number(port), hostname, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  upstream.on('close', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request;
  const upstream = httpRequest(request.url ?? '', { method, headers, agent: false }, (incoming) => {
    response.writeHead(incoming.statusCode ?? 0, incoming.headers);
    incoming.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
