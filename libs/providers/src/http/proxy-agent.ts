import type { Agent, AgentOptions, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** What a request passes to its agent in addition to Node's own options. */
export interface Attempt {
  /** Aborted when the connection is no longer needed: Node ends a request without a socket only once it gets one. */
  readonly attempt?: AbortSignal;
}

/** A proxy for its agents, with the password apart, so that printing the URL does not print it. */
interface Proxy {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Connecting<T extends { connect(request: never, options: never): unknown }> = Parameters<T['connect']>[1] & Attempt;

/** For `https:` and `wss:`, and for `ws:`: asks the proxy for a connection to the host (CONNECT). */
class TunnelAgent extends HttpsProxyAgent<string> {
  constructor(
    private readonly via: Proxy,
    options: AgentOptions,
  ) {
    super(via.url, { ...options, headers: via.headers });
  }

  override async connect(request: ClientRequest, options: Connecting<HttpsProxyAgent<string>>): Promise<Socket> {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => (status = statusCode));
    const { url, headers } = this.via;
    const socket = await whileWanted(options, (signal) =>
      new HttpsProxyAgent(url, { headers, signal, keepAlive: true }).connect(request, options),
    );
    if (status === 200) return socket;
    socket.destroy();
    throw new Error(`the proxy answered CONNECT with ${status}`);
  }
}

/** For `http:`: sends the proxy the whole URL. */
class ForwardingAgent extends HttpProxyAgent<string> {
  constructor(
    private readonly via: Proxy,
    options: AgentOptions,
  ) {
    super(via.url, { ...options, headers: via.headers });
  }

  override connect(
    request: Parameters<HttpProxyAgent<string>['connect']>[0],
    options: Connecting<HttpProxyAgent<string>>,
  ): Promise<Socket> {
    const { url, headers } = this.via;
    return whileWanted(options, (signal) =>
      new HttpProxyAgent(url, { headers, signal, keepAlive: true }).connect(request, options),
    );
  }
}

/** The connection is given up together with the attempt; once it is there, the request ends it. */
async function whileWanted({ attempt }: Attempt, connect: (signal: AbortSignal) => Promise<Socket>): Promise<Socket> {
  const connecting = new AbortController();
  const stop = () => connecting.abort();
  if (attempt?.aborted) stop();
  attempt?.addEventListener('abort', stop, { once: true });
  try {
    return await connect(connecting.signal);
  } finally {
    attempt?.removeEventListener('abort', stop);
  }
}

/** An agent whose connections go through the proxy at `url`, to hosts by TLS (or WebSockets), or to any by `http:`. */
export function proxyAgent(url: string, kind: 'tunnel' | 'forward', options: AgentOptions): Agent {
  const proxy = withoutCredentials(url);
  return kind === 'tunnel' ? new TunnelAgent(proxy, options) : new ForwardingAgent(proxy, options);
}

/** Behind a proxy either may be at fault, so the message names the one that is. */
export function through(proxy: string | undefined, error: Error): Error {
  if (proxy === undefined) return error;
  const { code, syscall }: NodeJS.ErrnoException = error;
  return Object.assign(new Error(`${error.message} (through the proxy ${new URL(proxy).host})`, { cause: error }), {
    code,
    syscall,
  });
}

function withoutCredentials(given: string): Proxy {
  const url = new URL(given);
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = '';
  url.password = '';
  const headers = { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  return { url: url.href, headers: credentials === ':' ? {} : headers };
}

/** A password with an unencoded percent sign is used unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
