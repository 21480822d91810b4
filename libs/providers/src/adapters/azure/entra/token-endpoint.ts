import type { ClientSecretCredentialOptions } from '@azure/identity';
import type { HttpMethod, HttpResponse } from '../../../http/http-client.js';
import { ProviderError, type ProviderErrorInit } from '../../../spec/provider-error.js';
import type { Transport } from '../../../wire/transport.js';

type AzureHttpClient = NonNullable<ClientSecretCredentialOptions['httpClient']>;
type AzureRequest = Parameters<AzureHttpClient['sendRequest']>[0];
type AzureResponse = Awaited<ReturnType<AzureHttpClient['sendRequest']>>;

/** How long a request for a token may take. Nobody's turn limits it, since many may wait for the same one. */
const ANSWER_MS = 15_000;

/**
 * Our transport under Microsoft's library: the library writes the request for a token, and we send it, to the authority of the
 * entry and no other, wherever the library would send it because of the environment (AZURE_REGIONAL_AUTHORITY_NAME).
 */
export class TokenEndpoint implements AzureHttpClient {
  /** Why a request got no answer: the library keeps only that it did not. */
  failure: ProviderError | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly tenantId: string,
    private readonly ref: ProviderErrorInit['ref'],
  ) {}

  async sendRequest(request: AzureRequest): Promise<AzureResponse> {
    try {
      return await this.#send(request, AbortSignal.timeout(ANSWER_MS));
    } catch (error) {
      this.failure = error instanceof ProviderError ? error : this.#late(error);
      throw this.failure;
    }
  }

  async #send(request: AzureRequest, signal: AbortSignal): Promise<AzureResponse> {
    const { transport, ref } = this;
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`/${this.tenantId}/`)) throw new Error(`not a request to the tenant: ${request.url}`);
    const sent = { method: request.method as HttpMethod, url: transport.baseUrl + pathname.replace(/\/$/, '') };
    const response = await transport.exchange(ref, signal, () =>
      transport.client.send({ ...sent, ...written(request) }, signal),
    );
    const bodyAsText = await transport.text(response, ref, signal);
    return { request, status: response.status, headers: headersOf(response), bodyAsText };
  }

  #late(cause: unknown): ProviderError {
    const isTimeout = cause instanceof Error && cause.name === 'TimeoutError';
    const detail = isTimeout
      ? `no answer within ${ANSWER_MS} ms`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    return new ProviderError(isTimeout ? 'timeout' : 'unavailable', { ref: this.ref, detail, cause });
  }
}

/** The form without what the library tells of itself and of this machine. */
function written({ headers, body }: AzureRequest) {
  const accept = { accept: 'application/json' };
  if (typeof body !== 'string') return { headers: accept };
  const form = new URLSearchParams([...new URLSearchParams(body)].filter(([name]) => !name.startsWith('x-client-')));
  const type = headers.get('content-type') ?? 'application/x-www-form-urlencoded';
  return { headers: { ...accept, 'content-type': type }, body: form.toString() };
}

/** A Map is what the library means by headers, but for one method. */
function headersOf({ headers }: HttpResponse): AzureResponse['headers'] {
  const fields = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return Object.assign(new Map(Object.entries(fields)), { toJSON: () => fields });
}
