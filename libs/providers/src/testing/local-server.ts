import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server saw it, its body read. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it was sent. */
  readonly text: string;
  /** Settles when the response is over; true if the client hung up before that. */
  readonly hungUp: Promise<boolean>;
}

export interface LocalServer {
  /** Without a trailing slash. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** How many connections were opened so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** An HTTP server on a free loopback port, for what no recording shows. */
export async function startLocalServer(
  answer: (response: ServerResponse, request: SeenRequest) => void | Promise<void>,
): Promise<LocalServer> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void read(request, response).then((seen) => {
      requests.push(seen);
      return answer(response, seen);
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(request: IncomingMessage, response: ServerResponse): Promise<SeenRequest> {
  const hungUp = new Promise<boolean>((resolve) => response.on('close', () => resolve(!response.writableFinished)));
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const body = bodyOf(text, request.headers['content-type']);
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, text, hungUp };
}

/** Of a form with files the text alone is of use. */
function bodyOf(text: string, type = ''): SeenRequest['body'] {
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  return text === '' || type.startsWith('multipart/') ? {} : (JSON.parse(text) as SeenRequest['body']);
}
