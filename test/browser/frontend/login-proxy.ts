import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoginProxy {
  /** By this name it is a page's own site, or another one. */
  urlBy(name: 'localhost' | '127.0.0.1'): string;
  close(): Promise<void>;
}

/**
 * A login in front of a server: `/login?attributes=…` gives a cookie with these attributes, and without it nobody is let through. A
 * preflight never carries a cookie, and has to be.
 */
export async function loginInFrontOf(target: string): Promise<LoginProxy> {
  const server = createServer((incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', target);
    if (pathname === '/login') {
      outgoing.setHeader('set-cookie', `login=ada; Path=/; HttpOnly; ${searchParams.get('attributes') ?? ''}`).end();
    } else if (incoming.method === 'OPTIONS' || /\blogin=ada\b/.test(incoming.headers.cookie ?? '')) {
      pass(incoming, outgoing, target);
    } else {
      // As logins that do not know of pages of other origins do: without a header for them.
      outgoing.writeHead(401).end('Log in first.');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlBy: (name) => `http://${name}:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { method, headers, url = '/' } = incoming;
  const passed = request(new URL(url, target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  outgoing.on('close', () => passed.destroy());
  incoming.pipe(passed);
}
