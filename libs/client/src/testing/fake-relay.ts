type Fetch = typeof globalThis.fetch;

/** A request as the server received it. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly keepalive: boolean;
  readonly credentials: string;
}

/** What happens to a connection after so many bytes of its body. */
export interface Cut {
  readonly after: number;
  readonly how: 'breaks' | 'ends';
}

const utf8 = new TextEncoder();

export const RUN_ID = 'run_1';
export const THREAD_ID = 'thr_1';
export const PREAMBLE = `data: {"type":"thread.created","thread":{"id":"${THREAD_ID}"}}\n\n`;

/** A stream of bytes in chunks of the given sizes (repeated), cut or complete. */
function bodyOf(bytes: Uint8Array, sizes: readonly number[], cut?: Cut): ReadableStream<Uint8Array> {
  const end = Math.min(cut?.after ?? bytes.length, bytes.length);
  let offset = 0;
  let piece = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (offset < end) {
          const size = sizes[piece % sizes.length] ?? bytes.length;
          controller.enqueue(bytes.slice(offset, Math.min(offset + size, end)));
          offset += size;
          piece += 1;
        } else if (cut?.how === 'breaks') controller.error(new TypeError('terminated'));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * The server as the shim sees it: one run, with marks as the real server sends them. Each connection takes the next cut;
 * without one it is complete.
 */
export class FakeRelay {
  readonly received: Received[] = [];
  /** Answers to the next requests, before anything else: a response, or a network error. */
  readonly next: (Response | Error)[] = [];
  cuts: Cut[] = [];
  sizes: readonly number[] = [7];
  state = 'completed';
  /** What is answered with an error, as long as it is set. */
  failing: { readonly path: string; readonly status: number } | undefined;

  constructor(readonly entries: readonly string[]) {}

  /** What a reader without the shim would receive. */
  get whole(): string {
    return PREAMBLE + this.entries.join('');
  }

  readonly fetch: Fetch = async (input, init) => {
    const url = input instanceof Request ? input : new URL(String(input), 'http://relay.test');
    const request = new Request(url, init);
    const { pathname } = new URL(request.url);
    const body = await request.text();
    const { method, headers, keepalive, credentials } = request;
    this.received.push({ path: pathname, method, headers, body, keepalive, credentials });
    request.signal.throwIfAborted();
    const next = this.next.shift();
    if (next instanceof Error) throw next;
    return next ?? this.#answer(pathname, headers);
  };

  paths(): string[] {
    return this.received.map(({ method, path }) => `${method} ${path}`);
  }

  #answer(path: string, headers: Headers): Response {
    const { failing } = this;
    if (failing && path.endsWith(failing.path)) return Response.json({}, { status: failing.status });
    if (path.endsWith('/cancel')) return Response.json({ met: 'working' });
    if (path.endsWith('/runs')) return Response.json({ data: [{ id: RUN_ID, state: this.state }] });
    if (path.endsWith('/events')) return this.#stream(headers.get('last-event-id'));
    return this.#stream('post');
  }

  /** Without a cursor a real server sends a snapshot; here it is the entries themselves. */
  #stream(cursor: string | null): Response {
    const from = cursor === 'post' || cursor === null ? 0 : Number(cursor.split('-')[1]);
    const marked = this.entries.slice(from).map((entry, index) => {
      const last = from + index + 1;
      return `${entry}id: ${last === this.entries.length ? 'end' : `1-${last}`}\n\n`;
    });
    const text = (cursor === 'post' ? `${PREAMBLE}id: 0-0\n\n` : '') + marked.join(':\n\n');
    const body = bodyOf(utf8.encode(text), this.sizes, this.cuts.shift());
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'chatkit-run-id': RUN_ID },
    });
  }
}
