import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';

export interface Http2Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Called with everything that has arrived so far, after each piece. */
  readonly onText?: (text: string, stream: ClientHttp2Stream) => void;
}

export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Http2Client {
  send(path: string, request?: Http2Request): Promise<Http2Answer>;
  stop(): void;
}

/** One connection of HTTP/2, as a browser has, whatever the server's certificate is. */
export async function connectHttp2(base: string): Promise<Http2Client> {
  const session = connect(base, { rejectUnauthorized: false });
  await once(session, 'connect');
  return { send: (path, request = {}) => send(session, path, request), stop: () => session.destroy() };
}

async function send(session: ClientHttp2Session, path: string, request: Http2Request): Promise<Http2Answer> {
  const { method = 'GET', body, onText } = request;
  const head = { ':method': method, ':path': path, ...request.headers };
  const stream = session.request(head, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    onText?.(Buffer.concat(chunks).toString(), stream);
  });
  const closed = once(stream, 'close');
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  await closed;
  return { status: Number(headers[':status']), headers, body: Buffer.concat(chunks) };
}
