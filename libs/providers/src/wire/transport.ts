import {
  createHttpClient,
  type HttpClient,
  type HttpMethod,
  type HttpRequest,
  type HttpResponse,
} from '../http/http-client.js';
import { networkFailure } from '../http/network-failure.js';
import type { Outgoing } from '../http/proxy-of.js';
import { readBody } from '../http/read-body.js';
import type { ProviderErrorInit } from '../spec/provider-error.js';
import { type FailureRules, httpFailure } from './errors.js';

/** A longer error body is a web page. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Aggregators list some hundred models with descriptions; more than this is not a list of models. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const JSON_TYPE = 'application/json';

/** Where a provider is, and how it is spoken to. */
interface TransportSettings extends Outgoing {
  /** Sent as a bearer token. Absent for servers that want none, or another header. */
  readonly apiKey?: string | undefined;
  /** http(s) URL that every path is put behind, with or without a trailing slash. */
  readonly baseUrl: string;
  /** Sent with every request; they win over ours. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What else must never be written into a log. */
  readonly secrets?: readonly string[];
}

/** What is asked, of whom. A form travels as `multipart/form-data`, everything else as JSON. */
interface Question {
  readonly ref: ProviderErrorInit['ref'];
  readonly body?: unknown;
  /** Of this request alone, by lower-case name; they win over all others. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Requests with the provider's key and headers; every failure before the body is a ProviderError. */
export class Transport {
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
  readonly #client: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    settings: TransportSettings,
    private readonly now: () => number,
    private readonly rules: FailureRules = {},
  ) {
    const given = Object.entries(settings.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    const baseUrl = settings.baseUrl.replace(/\/+$/, '');
    this.#client = createHttpClient(baseUrl, { proxy: settings.proxyOf?.(baseUrl) });
    this.#headers = {
      ...(settings.apiKey && { authorization: `Bearer ${settings.apiKey}` }),
      accept: 'text/event-stream, application/json',
      'accept-encoding': 'identity',
      ...Object.fromEntries(given),
    };
    this.secrets = [settings.apiKey ?? '', ...given.map(([, value]) => value), ...(settings.secrets ?? [])];
  }

  /** @throws ProviderError unless the status is 2xx, or `signal.reason` once aborted */
  async send(
    method: HttpMethod,
    path: string,
    { ref, body, headers }: Question,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const context = { ref, secrets: this.secrets, ...this.rules };
    let started = false;
    try {
      const response = await this.#client.send(await this.#request(method, path, body, headers), signal);
      if (response.status >= 200 && response.status < 300) return response;
      started = true;
      const text = await readError(response);
      throw httpFailure(context, { ...response, text }, this.now());
    } catch (error) {
      throw signal.aborted ? signal.reason : networkFailure(error, { ...context, started });
    }
  }

  /** The whole body, for what is not a stream. @throws what `send` throws; ProviderError for a body that breaks off */
  async read(method: HttpMethod, path: string, { ref, body }: Question, signal: AbortSignal): Promise<string> {
    const response = await this.send(method, path, { ref, body }, signal);
    try {
      return await readBody(response.body, MAX_BODY_BYTES);
    } catch (error) {
      throw signal.aborted ? signal.reason : networkFailure(error, { ref, started: true, secrets: this.secrets });
    } finally {
      response.release(true);
    }
  }

  async #request(method: HttpMethod, path: string, body: unknown, more: Question['headers']): Promise<HttpRequest> {
    if (body === undefined) return { method, path, headers: { ...this.#headers, ...more } };
    const { type, content } =
      body instanceof FormData ? await multipart(body) : { type: JSON_TYPE, content: JSON.stringify(body) };
    return { method, path, headers: { ...this.#headers, 'content-type': type, ...more }, body: content };
  }
}

/** The body of an error, if it can be read: the status alone is the most important part. */
async function readError(response: HttpResponse): Promise<string> {
  try {
    return await readBody(response.body, MAX_ERROR_BYTES);
  } catch {
    return '(the body could not be read)';
  } finally {
    response.release(true);
  }
}

/** A form as bytes, with the boundary in its type: Node's own encoder writes it. */
async function multipart(form: FormData): Promise<{ readonly type: string; readonly content: Uint8Array }> {
  const encoded = new Response(form);
  return { type: encoded.headers.get('content-type') ?? '', content: new Uint8Array(await encoded.arrayBuffer()) };
}
