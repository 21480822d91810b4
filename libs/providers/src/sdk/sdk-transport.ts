import type { HttpClient, HttpMethod, HttpRequest, HttpResponse } from '../http/http-client.js';
import { multipart } from '../http/multipart.js';
import { ProviderError, type ProviderErrorInit } from '../spec/provider-error.js';
import { operatorDetail } from '../http/operator-detail.js';
import type { Transport } from '../wire/transport.js';

type Ref = ProviderErrorInit['ref'];

/** What an SDK is asked with. */
export interface SdkOptions {
  readonly signal: AbortSignal;
}

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

/** Our transport under a vendor's SDK: the SDK writes the request, and we send it and read the answer. */
export class SdkTransport {
  /** For the SDK's constructor: our headers, and none of its own but those of authentication and version. */
  readonly defaultHeaders: Readonly<Record<string, string | null>>;
  /** A `fetch` for the SDK's constructor. What it gives has a status and no body: `send` gets the real one. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  readonly #responses = new WeakMap<Response, HttpResponse>();

  constructor(private readonly transport: Transport) {
    this.defaultHeaders = { ...TELEMETRY, ...transport.headers };
    this.fetch = async (input, init = {}) => {
      try {
        return this.#shown(await sent(transport.client, input, init));
      } catch (error) {
        throw new Carried(error);
      }
    };
  }

  get secrets(): readonly string[] {
    return this.transport.secrets;
  }

  /**
   * The response to the request that `ask` makes with the SDK (`.asResponse()`), unread.
   * @throws ProviderError unless the status is 2xx, or `signal.reason` once aborted
   */
  send(ask: (options: SdkOptions) => Promise<Response>, ref: Ref, signal: AbortSignal): Promise<HttpResponse> {
    return this.transport.exchange(ref, signal, () => this.#asked(ask, ref, signal));
  }

  /** The whole body of the response. @throws what `send` throws; ProviderError for a body that breaks off */
  async read(ask: (options: SdkOptions) => Promise<Response>, ref: Ref, signal: AbortSignal): Promise<string> {
    return this.transport.text(await this.send(ask, ref, signal), ref, signal);
  }

  async #asked(ask: (options: SdkOptions) => Promise<Response>, ref: Ref, signal: AbortSignal): Promise<HttpResponse> {
    signal.throwIfAborted();
    try {
      return this.#taken(await ask({ signal }));
    } catch (error) {
      const carried = carriedIn(error);
      if (!carried) throw this.#refusal(error, ref);
      if (carried.inner instanceof Unsuccessful) return carried.inner.response;
      throw carried.inner;
    }
  }

  #shown(response: HttpResponse): Response {
    // The SDK would read the body of an error for a message of its own.
    if (response.status < 200 || response.status >= 300) throw new Unsuccessful(response);
    const shown = new Response(null, { status: response.status });
    this.#responses.set(shown, response);
    return shown;
  }

  #taken(shown: Response): HttpResponse {
    const response = this.#responses.get(shown);
    if (!response) throw new Error('the SDK gave another response than that of its request');
    return {
      ...response,
      release(complete) {
        // Names `shown` so that it lives as long as we read: Anthropic's SDK cancels a request whose response was collected.
        void shown;
        response.release(complete);
      },
    };
  }

  /** The SDK would not make the request: a mistake in the call or in the entry, and asking again does not help. */
  #refusal(cause: unknown, ref: Ref): ProviderError {
    const text = cause instanceof Error ? cause.message : String(cause);
    const detail = operatorDetail(`the request could not be made: ${text}`, this.secrets);
    return new ProviderError('bad_request', { ref, detail, cause });
  }
}

/** A response that is no success, on its way through the SDK. */
class Unsuccessful extends Error {
  constructor(readonly response: HttpResponse) {
    super('not a success');
  }
}

/** What our `fetch` has thrown, in a shape that no SDK mistakes for a timeout or looks into. */
class Carried extends Error {
  constructor(readonly inner: unknown) {
    super('the request failed');
  }
}

function carriedIn(error: unknown): Carried | undefined {
  if (error instanceof Carried) return error;
  return error instanceof Error && error.cause !== undefined ? carriedIn(error.cause) : undefined;
}

async function sent(client: HttpClient, input: string | URL | Request, init: RequestInit): Promise<HttpResponse> {
  const { body, signal } = init;
  const { headers: given } = init;
  const headers = Object.fromEntries(given instanceof Headers ? given : new Headers(given));
  const url = input instanceof Request ? input.url : String(input);
  const request = { method: (init.method ?? 'GET') as HttpMethod, url, headers } satisfies HttpRequest;
  const whole = await withBody(request, body);
  return client.send(whole, signal ?? new AbortController().signal);
}

async function withBody(request: HttpRequest, body: RequestInit['body']): Promise<HttpRequest> {
  if (body === undefined || body === null) return request;
  if (typeof body === 'string' || body instanceof Uint8Array) return { ...request, body };
  if (!(body instanceof FormData)) throw new TypeError('a body of a type that the transport does not send');
  const { type, content } = await multipart(body);
  return { ...request, headers: { ...request.headers, 'content-type': type }, body: content };
}
