import type { CohereClientV2 } from 'cohere-ai';
import type { FetcherTransport } from '../../sdk/fetcher-transport.js';
import { loadSdk } from '../../sdk/load-sdk.js';
import type { CohereConfig } from './config.js';

type Sdk = typeof import('cohere-ai');

/** A client of Cohere's SDK, with nothing of the SDK's own choosing: see {@link FetcherTransport}. `baseUrl` is without a version. */
export function createCohereClient({ kind, apiKey, baseUrl }: CohereConfig, sdk: FetcherTransport): CohereClientV2 {
  const { CohereClientV2 } = loadSdk<Sdk>('cohere-ai', kind);
  return new CohereClientV2({
    // An empty token sends no header; without one the SDK takes CO_API_KEY from the environment.
    token: apiKey ?? '',
    baseUrl,
    fetcher: sdk.fetcher,
    maxRetries: 0,
  });
}
