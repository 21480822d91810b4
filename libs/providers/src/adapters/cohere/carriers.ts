import type { CohereClientV2 } from 'cohere-ai';
import { type FetcherTransport, VERBATIM } from '../../sdk/fetcher-transport.js';
import type { SdkOptions } from '../../sdk/sdk-exchange.js';
import type { Carrier } from '../../wire/carrier.js';
import type { CohereRequest } from './wire.js';

/** `POST /v2/chat`. */
export function cohereCarrier(client: CohereClientV2, sdk: FetcherTransport): Carrier<CohereRequest> {
  async function ask({ options, ...chat }: CohereRequest, { signal }: SdkOptions) {
    const request = { ...chat, [VERBATIM]: options };
    const { rawResponse } = await client.chatStream(request, { abortSignal: signal }).withRawResponse();
    return rawResponse;
  }
  return ({ body }, ref, signal) => sdk.send((options) => ask(body, options), ref, signal);
}
