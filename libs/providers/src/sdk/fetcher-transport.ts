import type { HttpMethod, HttpRequest, HttpResponse } from '../http/http-client.js';
import type { Transport } from '../wire/transport.js';
import { SdkExchange } from './sdk-exchange.js';

/** What the SDKs that Fern generates (Cohere) tell of themselves with every request, by lower-case name. */
const TELEMETRY = /^(user-agent|x-client-name|x-fern-.*)$/;

/**
 * The name of body fields that travel as they are. Such an SDK renames the fields of a body from camel case and refuses what is
 * not of its types; fields that it does not know it leaves alone, and so it does with this one.
 */
export const VERBATIM = '(verbatim)';

type HeaderFields = HttpRequest['headers'];

/** A request as such an SDK hands it to its fetcher. Retries and timeouts are the fetcher's, so there are none. */
interface FetcherArgs {
  readonly url: string;
  readonly method: string;
  readonly contentType?: string;
  readonly headers?: Record<string, unknown>;
  readonly queryParameters?: Record<string, unknown>;
  readonly body?: unknown;
  readonly abortSignal?: AbortSignal;
}

/** What such an SDK gives as `rawResponse`, untouched. */
type RawResponse = Pick<Response, 'headers' | 'redirected' | 'status' | 'statusText' | 'type' | 'url'>;

interface FetcherResult<Body> {
  readonly ok: true;
  readonly body: Body;
  readonly rawResponse: RawResponse;
}

const NO_HEADERS = new Headers();

/**
 * Our transport as the `fetcher` of a vendor's SDK, a hook below its own use of `fetch`; `send` and `read` take the `rawResponse`
 * of its `.withRawResponse()`.
 */
export class FetcherTransport extends SdkExchange<RawResponse> {
  /** For the SDK's constructor. The body that it gives is an empty object, of which the SDK reads nothing unless asked to. */
  readonly fetcher: <Body>(args: FetcherArgs) => Promise<FetcherResult<Body>>;

  constructor(transport: Transport) {
    super(transport);
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the SDK's signature
    this.fetcher = async <Body>(args: FetcherArgs) => {
      const rawResponse = await this.carry(() => written(args, transport.headers), args.abortSignal, rawOf);
      return { ok: true, body: {} as Body, rawResponse };
    };
  }
}

const rawOf = ({ status }: HttpResponse): RawResponse => ({
  headers: NO_HEADERS,
  redirected: false,
  status,
  statusText: '',
  type: 'default',
  url: '',
});

function written(
  { url, method, contentType, queryParameters, body, ...args }: FetcherArgs,
  own: HeaderFields,
): HttpRequest {
  // Here and not by an option of the SDK's constructor, which loses some of them on the way to its resources.
  const said = Object.entries(args.headers ?? {}).filter(([name]) => !TELEMETRY.test(name));
  const headers = { ...(Object.fromEntries(said) as HeaderFields), ...own };
  const request = { method: method as HttpMethod, url: url + queryOf(queryParameters), headers };
  if (body === undefined) return request;
  const type = { 'content-type': contentType ?? 'application/json' };
  return { ...request, headers: { ...headers, ...type }, body: bodyOf(body as Record<string, unknown>) };
}

function bodyOf({ [VERBATIM]: verbatim, ...fields }: Record<string, unknown>): string {
  return JSON.stringify({ ...fields, ...(verbatim as object | undefined) });
}

function queryOf(parameters: Record<string, unknown> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  // In an order of its own, whatever the SDK's is.
  query.sort();
  return query.size > 0 ? `?${query.toString()}` : '';
}
