import type { HttpMethod, HttpRequest } from '../http/http-client.js';
import { multipart } from '../http/multipart.js';
import type { Transport } from '../wire/transport.js';
import { SdkExchange } from './sdk-exchange.js';

export type { SdkOptions } from './sdk-exchange.js';

/**
 * No SDK gives up by itself: deadlines are the policies'. The longest time that a timer of Node can wait, in milliseconds.
 */
export const NO_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * What the SDKs that Stainless generates (OpenAI, Anthropic) tell of themselves with every request. Null removes a header, and
 * does it before a request is signed.
 */
const TELEMETRY: Readonly<Record<string, null>> = {
  'user-agent': null,
  'x-stainless-arch': null,
  'x-stainless-lang': null,
  'x-stainless-os': null,
  'x-stainless-package-version': null,
  'x-stainless-retry-count': null,
  'x-stainless-runtime': null,
  'x-stainless-runtime-version': null,
  'x-stainless-timeout': null,
};

/** Our transport as the `fetch` of a vendor's SDK; `send` and `read` take what its `.asResponse()` gives. */
export class SdkTransport extends SdkExchange<Response> {
  /** For the SDK's constructor: our headers, and none of its own but those of authentication and version. */
  readonly defaultHeaders: Readonly<Record<string, string | null>>;
  /** A `fetch` for the SDK's constructor. What it gives has a status and no body: `send` gets the real one. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

  constructor(transport: Transport) {
    super(transport);
    this.defaultHeaders = { ...TELEMETRY, ...transport.headers };
    this.fetch = (input, init = {}) =>
      this.carry(
        () => written(input, init),
        init.signal,
        ({ status }) => new Response(null, { status }),
      );
  }
}

async function written(input: string | URL | Request, init: RequestInit): Promise<HttpRequest> {
  const { method, headers, body } = init;
  const url = input instanceof Request ? input.url : String(input);
  const fields = Object.fromEntries(headers instanceof Headers ? headers : new Headers(headers));
  const request = { method: (method ?? 'GET') as HttpMethod, url, headers: fields };
  if (body === undefined || body === null) return request;
  if (typeof body === 'string' || body instanceof Uint8Array) return { ...request, body };
  if (!(body instanceof FormData)) throw new TypeError('a body of a type that the transport does not send');
  const { type, content } = await multipart(body);
  return { ...request, headers: { ...request.headers, 'content-type': type }, body: content };
}
