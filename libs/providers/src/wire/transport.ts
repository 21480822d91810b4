import { type BearerTokens, withTokens } from '../http/bearer-tokens.js';
import {
  createHttpClient,
  type HttpClient,
  type HttpMethod,
  type HttpRequest,
  type HttpResponse,
} from '../http/http-client.js';
import { multipart } from '../http/multipart.js';
import { behindBase, OutsideBaseError } from '../http/behind-base.js';
import { networkFailure } from '../http/network-failure.js';
import type { Outgoing } from '../http/proxy-of.js';
import { operatorDetail } from '../http/operator-detail.js';
import { readBody } from '../http/read-body.js';
import { redirectProblem, withRedirects } from '../http/redirects.js';
import { ProviderError, type ProviderErrorInit } from '../spec/provider-error.js';
import { type FailureRules, httpFailure } from './errors.js';

type Ref = ProviderErrorInit['ref'];

/** A longer error body is a web page. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Aggregators list some hundred models with descriptions; more than this is not a list of models. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Where a provider is, and how it is spoken to. */
export interface TransportSettings extends Outgoing {
  /** Sent as a bearer token, unless the vendor's SDK says it otherwise. Absent for servers that want none, or another header. */
  readonly apiKey?: string | undefined;
  /** http(s) URL that every path is put behind, with or without a trailing slash. */
  readonly baseUrl: string;
  /** Sent with every request; they win over ours. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What else must never be written into a log. */
  readonly secrets?: readonly string[];
  /** In place of `apiKey`: tokens that expire. */
  readonly tokens?: BearerTokens | undefined;
  /** In place of `apiKey`: signs a request exactly as it goes out. */
  readonly sign?: ((request: HttpRequest) => Promise<HttpRequest>) | undefined;
}

/** What is asked, of whom. A form travels as `multipart/form-data`, everything else as JSON. */
interface Question {
  readonly ref: Ref;
  readonly body?: unknown;
  /** Of this request alone, by lower-case name; they win over all others. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Requests with the provider's key and headers; every failure before the body is a ProviderError. */
export class Transport {
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly client: HttpClient;
  /** Sent with every request, by lower-case name; without the key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #authorization: Readonly<Record<string, string>>;

  constructor(
    settings: TransportSettings,
    private readonly now: () => number,
    private readonly rules: FailureRules = {},
  ) {
    const given = Object.entries(settings.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    this.baseUrl = settings.baseUrl.replace(/\/+$/, '');
    const client = createHttpClient(this.baseUrl, { proxy: settings.proxyOf?.(this.baseUrl) });
    const authenticated = settings.tokens ? withTokens(client, settings.tokens) : signing(client, settings.sign);
    this.client = behindBase(this.baseUrl, withRedirects(announcing(authenticated, settings.headersNow)));
    this.headers = {
      accept: 'text/event-stream, application/json',
      'accept-encoding': 'identity',
      ...Object.fromEntries(given),
    };
    this.#authorization = settings.apiKey ? { authorization: `Bearer ${settings.apiKey}` } : {};
    this.secrets = [settings.apiKey ?? '', ...given.map(([, value]) => value), ...(settings.secrets ?? [])];
  }

  /** @throws ProviderError unless the status is 2xx, or `signal.reason` once aborted */
  send(method: HttpMethod, path: string, question: Question, signal: AbortSignal): Promise<HttpResponse> {
    return this.exchange(question.ref, signal, async () =>
      this.client.send(await this.#request(method, path, question), signal),
    );
  }

  /**
   * The response that `ask` gets, whatever makes its request.
   * @throws ProviderError unless the status is 2xx, or `signal.reason` once aborted
   */
  async exchange(ref: Ref, signal: AbortSignal, ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const context = { ref, secrets: this.secrets, ...this.rules };
    let started = false;
    try {
      const response = await ask();
      if (response.status >= 200 && response.status < 300) return response;
      started = true;
      const text = await readError(response);
      const detail = redirectProblem(this.baseUrl, response);
      if (detail !== undefined) throw this.#redirected(ref, response.status, operatorDetail(detail, this.secrets));
      throw httpFailure(context, { ...response, text }, this.now());
    } catch (error) {
      if (error instanceof OutsideBaseError) throw outside(ref);
      throw signal.aborted ? signal.reason : networkFailure(error, { ...context, started });
    }
  }

  /** The whole body, for what is not a stream. @throws what `send` throws; ProviderError for a body that breaks off */
  async read(method: HttpMethod, path: string, { ref, body }: Question, signal: AbortSignal): Promise<string> {
    return this.text(await this.send(method, path, { ref, body }, signal), ref, signal);
  }

  /** The whole body of a response. @throws ProviderError for a body that breaks off, or `signal.reason` once aborted */
  async text(response: HttpResponse, ref: Ref, signal: AbortSignal): Promise<string> {
    try {
      return await readBody(response.body, MAX_BODY_BYTES);
    } catch (error) {
      throw signal.aborted ? signal.reason : networkFailure(error, { ref, started: true, secrets: this.secrets });
    } finally {
      response.release(true);
    }
  }

  #redirected(ref: Ref, status: number, detail: string): ProviderError {
    return new ProviderError('bad_request', { ref, status, detail });
  }

  async #request(method: HttpMethod, path: string, { body, headers: more }: Question): Promise<HttpRequest> {
    const url = this.baseUrl + path;
    const headers = { ...this.#authorization, ...this.headers };
    if (body === undefined) return { method, url, headers: { ...headers, ...more } };
    const { type, content } =
      body instanceof FormData ? await multipart(body) : { type: 'application/json', content: JSON.stringify(body) };
    return { method, url, headers: { ...headers, 'content-type': type, ...more }, body: content };
  }
}

const outside = (ref: Ref): ProviderError =>
  new ProviderError('model_unknown', { ref, detail: 'a model of this name would be asked outside of the base URL' });

/** Before a request is signed. */
function announcing(client: HttpClient, headersNow: TransportSettings['headersNow']): HttpClient {
  if (!headersNow) return client;
  return {
    send: (request, signal) => client.send({ ...request, headers: { ...headersNow(), ...request.headers } }, signal),
  };
}

function signing(client: HttpClient, sign: TransportSettings['sign']): HttpClient {
  return sign ? { send: async (request, signal) => client.send(await sign(request), signal) } : client;
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
