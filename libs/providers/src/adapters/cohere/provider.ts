import type { Cohere, CohereClientV2 } from 'cohere-ai';
import type { Outgoing } from '../../http/proxy-of.js';
import { FetcherTransport } from '../../sdk/fetcher-transport.js';
import type { SdkOptions } from '../../sdk/sdk-exchange.js';
import { createHttpProvider, DEFAULT_DEPS } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { seenBy } from '../../traits/sees-pictures.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import { cohereCarrier } from './carriers.js';
import { classifyCohereFailure } from './classify.js';
import { createCohereClient } from './client.js';
import { cohereFormat } from './format.js';
import type { CohereConfig } from './config.js';
import { isCohere, unversioned } from './settings.js';
import { modelsOf } from './model-list.js';

/** The models that can chat, in one page: 1000 is the most that it holds, and more than anybody has. */
const CHAT_MODELS: Cohere.ModelsListRequest = { endpoint: 'chat', pageSize: 1000 };

const CAPABILITIES: readonly Capability[] = [
  'chat',
  'generate',
  'stream',
  'reasoning',
  'vision',
  'tools',
  'documents',
  'json',
];

/**
 * Cohere, by version 2 of its chat API. The SDK makes the requests. Opens no connection before it is used. It counts no tokens in advance: `/v1/tokenize`
 * knows nothing of what Cohere adds to a prompt, of tools, documents and images.
 */
export function createCohereProvider(config: CohereConfig & Outgoing): Provider {
  const baseUrl = unversioned(config.baseUrl);
  const transport = new Transport({ ...config, baseUrl }, DEFAULT_DEPS.now, { classify: classifyCohereFailure });
  const sdk = new FetcherTransport(transport);
  const client = createCohereClient({ ...config, baseUrl }, sdk);
  return createHttpProvider({
    ...config,
    name: config.name ?? 'Cohere',
    capabilities: seenBy(CAPABILITIES),
    keyConfig: {
      required: isCohere(config.baseUrl),
      label: 'Cohere API key',
      where: 'https://dashboard.cohere.com/api-keys',
    },
    carrier: cohereCarrier(client, sdk),
    secrets: sdk.secrets,
    format: cohereFormat,
    listing: {
      read: (signal) => sdk.read((options) => list(client, options), { provider: config.id }, signal),
      modelsOf,
    },
  });
}

async function list(client: CohereClientV2, { signal }: SdkOptions) {
  const { rawResponse } = await client.models.list(CHAT_MODELS, { abortSignal: signal }).withRawResponse();
  return rawResponse;
}
