import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** For `http:` and for `https:` addresses, as clients of Node's `http` and `https` take them. */
export interface ProxyAgents {
  readonly httpAgent: Agent;
  readonly httpsAgent: Agent;
}

/** With the credentials apart, so that nothing that prints the URL prints them. */
interface Proxy {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the connection to it, and through it. */
  readonly withinMs: number;
}

const KEEP = { keepAlive: true } as const;

/** Asks the proxy for a connection to the host (CONNECT). */
class TunnelAgent extends HttpsProxyAgent<string> {
  constructor(private readonly via: Proxy) {
    super(via.url, { ...KEEP, headers: via.headers });
  }

  override async connect(
    request: ClientRequest,
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => (status = statusCode));
    const { url, headers, withinMs } = this.via;
    const socket = await inTime(withinMs, (signal) =>
      new HttpsProxyAgent(url, { ...KEEP, headers, signal }).connect(request, options),
    );
    if (status === 200) return socket;
    // Its answer would be taken for one of the host.
    socket.destroy();
    throw new Error(`the proxy ${new URL(url).host} answered CONNECT with ${status}`);
  }
}

/** Sends the proxy the whole URL. */
class ForwardingAgent extends HttpProxyAgent<string> {
  constructor(private readonly via: Proxy) {
    super(via.url, { ...KEEP, headers: via.headers });
  }

  override connect(...given: Parameters<HttpProxyAgent<string>['connect']>): Promise<Socket> {
    const { url, headers, withinMs } = this.via;
    return inTime(withinMs, (signal) => new HttpProxyAgent(url, { ...KEEP, headers, signal }).connect(...given));
  }
}

/** Once there is a connection, its request ends it. */
async function inTime(ms: number, connect: (signal: AbortSignal) => Promise<Socket>): Promise<Socket> {
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error(`no connection within ${ms} ms`)), ms);
  try {
    return await connect(connecting.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Agents whose connections go through the HTTP proxy at `url`, and are given up after `withinMs`. */
export function proxyAgents(url: string, withinMs: number): ProxyAgents {
  const proxy = { ...withoutCredentials(url), withinMs };
  return { httpAgent: new ForwardingAgent(proxy), httpsAgent: new TunnelAgent(proxy) };
}

function withoutCredentials(given: string): Pick<Proxy, 'url' | 'headers'> {
  const url = new URL(given);
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = '';
  url.password = '';
  const headers = { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  return { url: url.href, headers: credentials === ':' ? {} : headers };
}

/** A password with a percent sign that encodes nothing is used as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
