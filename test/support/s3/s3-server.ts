import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Credentials, refusalOf, sha256 } from './sigv4.js';

/** A part of S3, with signatures that are checked: one bucket, in memory. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: Credentials;
  readonly objects: Map<string, StoredObject>;
  /** Method and path of every request that was answered, and what it was refused for. */
  readonly requests: string[];
  /** Moves the clock of the server, in milliseconds. */
  turnClock(by: number): void;
  /** The next requests are answered with 503. */
  fail(requests: number): void;
  close(): Promise<void>;
}

interface StoredObject {
  readonly bytes: Buffer;
  readonly type: string;
  modifiedAt: Date;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

const BUCKET = 'attached';
const PAGE = 3;
/** The response headers that a request may name. */
const OVERRIDES = ['content-type', 'content-disposition', 'cache-control'] as const;

export async function startS3Server(port = 0): Promise<S3Server> {
  const credentials = { accessKeyId: 'test-key', secretAccessKey: 'test/secret+key', region: 'test-1' };
  const objects = new Map<string, StoredObject>();
  const requests: string[] = [];
  const state = { clock: 0, failures: 0 };
  const server = createServer((request, response) => {
    void respond(request, response);
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body = '' } = await answer(request);
    response.writeHead(status, { ...CORS, ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? '' : body);
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method = '', url = '' } = request;
    const body = await buffer(request);
    if (method === 'OPTIONS') return { status: 200 };
    const problem = problemOf(request, body);
    requests.push(`${method} ${url.split('?')[0]}${problem ? ` ${problem}` : ''}`);
    if (problem) return refusal(problem);
    const [path = '', query = ''] = url.split('?', 2);
    const [, bucket, ...rest] = decodeURIComponent(path).split('/');
    if (bucket !== BUCKET) return refusal('NoSuchBucket');
    return perform(method, rest.join('/'), new URLSearchParams(query), request, body);
  }

  function problemOf(request: IncomingMessage, body: Buffer): string | undefined {
    if (state.failures > 0) {
      state.failures -= 1;
      return 'SlowDown';
    }
    const { method = '', url = '', headers } = request;
    const signed = { method, url, headers: headers as Record<string, string> };
    const refused = refusalOf(signed, credentials, new Date(Date.now() + state.clock));
    if (refused) return refused;
    const hash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
    return hash === 'UNSIGNED-PAYLOAD' || hash === sha256(body) ? undefined : 'XAmzContentSHA256Mismatch';
  }

  function perform(
    method: string,
    key: string,
    query: URLSearchParams,
    { headers }: IncomingMessage,
    body: Buffer,
  ): Answer {
    if (key === '') return method === 'HEAD' ? { status: 200 } : list(query);
    const object = objects.get(key);
    switch (method) {
      case 'PUT': {
        const from = headers['x-amz-copy-source'];
        const source = from === undefined ? undefined : objects.get(keyIn(String(from)));
        if (from !== undefined && !source) return refusal('NoSuchKey');
        const type = headers['content-type'] ?? 'binary/octet-stream';
        objects.set(
          key,
          source ? { ...source, modifiedAt: new Date() } : { bytes: body, type, modifiedAt: new Date() },
        );
        return { status: 200, body: from === undefined ? '' : '<CopyObjectResult></CopyObjectResult>' };
      }
      case 'DELETE':
        objects.delete(key);
        return { status: 204 };
      default:
        return object ? { status: 200, headers: headersOf(object, query), body: object.bytes } : refusal('NoSuchKey');
    }
  }

  function list(query: URLSearchParams): Answer {
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()]
      .toSorted()
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after);
    const page = keys.slice(0, PAGE);
    const contents = page.map((key) => {
      const at = objects.get(key)?.modifiedAt.toISOString();
      return `<Contents><Key>${key}</Key><LastModified>${at}</LastModified></Contents>`;
    });
    const next = keys.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    const body = `<?xml version="1.0"?><ListBucketResult>${contents.join('')}${next}</ListBucketResult>`;
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: BUCKET,
    credentials,
    objects,
    requests,
    turnClock: (by) => void (state.clock += by),
    fail: (count) => void (state.failures = count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, PUT',
  'access-control-allow-headers': '*',
};

const keyIn = (source: string): string =>
  decodeURIComponent(source)
    .replace(/^\//, '')
    .slice(BUCKET.length + 1);

function headersOf({ type, modifiedAt }: StoredObject, query: URLSearchParams): Record<string, string> {
  const chosen = OVERRIDES.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
  return { 'content-type': type, 'last-modified': modifiedAt.toUTCString(), ...Object.fromEntries(chosen) };
}

const STATUS: Readonly<Record<string, number>> = { NoSuchKey: 404, NoSuchBucket: 404, SlowDown: 503 };

const refusal = (code: string): Answer => ({
  status: STATUS[code] ?? 403,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});
