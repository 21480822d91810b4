import { ProviderError, type ProviderErrorInit } from '../../spec/provider-error.js';
import type { Transport } from '../../wire/transport.js';

/** How long a request for a token may take. Nobody's turn limits it, since many may wait for the same one. */
const ANSWER_MS = 15_000;

const FORM = 'application/x-www-form-urlencoded';

/** Our transport under Google's library: the library writes the request for a token, and we send it to the endpoint of the entry. */
export class TokenEndpoint {
  /** Why a request got no token: the library words it anew, and asks again by itself when it knows. */
  failure: ProviderError | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly ref: ProviderErrorInit['ref'],
  ) {}

  /** A `fetch` for the library. */
  readonly fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    try {
      return await this.#send(String(init?.body), AbortSignal.timeout(ANSWER_MS));
    } catch (error) {
      this.failure = error instanceof ProviderError ? error : this.#late(error);
      throw this.failure;
    }
  };

  async #send(body: string, signal: AbortSignal): Promise<Response> {
    const { transport, ref } = this;
    const headers = { accept: 'application/json', 'content-type': FORM };
    const request = { method: 'POST', url: transport.baseUrl, headers, body } as const;
    const response = await transport.exchange(ref, signal, () => transport.client.send(request, signal));
    return new Response(await transport.text(response, ref, signal), { status: response.status });
  }

  /** Everything else is a ProviderError already. */
  #late(cause: unknown): ProviderError {
    const detail = `no answer within ${ANSWER_MS} ms`;
    return new ProviderError('timeout', { ref: this.ref, detail, cause });
  }
}
