import http from 'node:http';
import net from 'node:net';

export type Headers = Readonly<Record<string, string>>;

export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: unknown;
}

/** A request with exactly these headers: `fetch` would choose `Host`, `Origin` and `Sec-Fetch-Site` itself. */
export function ask(base: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answered> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The status of a request that is sent as it is written, its body aside. The connection is closed after it. */
export function statusOf(base: string, head: readonly string[], body: unknown): Promise<number> {
  const { hostname, port } = new URL(base);
  const text = JSON.stringify(body);
  const lines = [...head, `Content-Length: ${Buffer.byteLength(text)}`, '', text];
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () => socket.write(lines.join('\r\n')));
    socket.once('data', (answer: Buffer) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1]));
    });
    socket.once('error', reject);
  });
}
