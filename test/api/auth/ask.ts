import http from 'node:http';

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON, or as it is if it is text. */
  readonly body?: unknown;
}

export interface Told {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown> & { readonly error?: { readonly code: string; readonly message: string } };
}

/** Not `fetch`: it sends no header twice, and tidies addresses up. A connection of its own, and no user unless a header names one. */
export function ask(base: string, path: string, { method = 'GET', token, headers, body }: Asked = {}): Promise<Told> {
  const { hostname, port } = new URL(base);
  const all = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers };
  const sent = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers: sent, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const isJson = String(response.headers['content-type']).startsWith('application/json');
        const json = (isJson && text !== '' ? JSON.parse(text) : {}) as Told['json'];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    if (body === undefined) request.end();
    // As bytes: Node would send head and text together, and the head in the text's encoding.
    else
      request.end(Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  });
}

const THREADS = { type: 'threads.list', params: {} };

/** Lists the caller's threads: the shortest request that needs a user. */
export const list = (base: string, token?: string, headers?: Asked['headers']) =>
  ask(base, '/chatkit', { method: 'POST', body: THREADS, ...(token && { token }), ...(headers && { headers }) });
