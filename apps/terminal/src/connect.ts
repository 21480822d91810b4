import { createChatKitFetch } from '../../../libs/client/src/index.js';
import { Uploads } from '../../web/src/chat/uploads.js';
import { type ChatClient, createClient } from '../../web/src/protocol/client.js';
import { sendByFetch } from './send-by-fetch.js';

/** A chat server, ours or another. */
export interface Connection {
  readonly url: string;
  readonly client: ChatClient;
  readonly uploads: Uploads;
}

export interface ConnectOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly assistant: () => string | undefined;
  /** In which answers and messages of the server are wanted, as in `Accept-Language`. */
  readonly language?: string | undefined;
}

/** A person who waits at a terminal would rather be told soon. */
const RETRY = { attempts: 4, firstMs: 200, maxMs: 2_000 };
const SEND_RETRY = { attempts: 1, firstMs: 200, maxMs: 200 };

/** The page's client over the fetch that it uses, with addresses of any server. */
export async function connect({ url: given, headers, assistant, language }: ConnectOptions): Promise<Connection> {
  const url = endpointOf(given);
  const shim = createChatKitFetch({ url, headers, retry: RETRY, sendRetry: SEND_RETRY });
  const route = (path: string): string => routeOf(url, path);
  const chatFetch = Object.assign(
    (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
      shim(typeof input === 'string' ? route(input) : input, init),
    { follow: shim.follow },
  );
  const client = createClient(chatFetch, { sendFile: sendByFetch(url, headers), assistant, language: () => language });
  const config = await client.config().catch(() => undefined);
  return { url, client, uploads: new Uploads(client, () => config?.upload ?? { type: 'two_phase' }) };
}

/** Of a server that is named without a path. */
const endpointOf = (url: string): string => (new URL(url).pathname === '/' ? new URL('/chatkit', url).href : url);

/** The page's routes: the endpoint and what is below it, and those beside it. */
function routeOf(url: string, path: string): string {
  if (path.startsWith('/chatkit')) return url.replace(/\/+$/, '') + path.slice('/chatkit'.length);
  return path.startsWith('/') ? new URL(path.slice(1), url).href : path;
}
