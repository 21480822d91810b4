import type { Outgoing } from '../../http/proxy-of.js';
import { carriedBy } from '../../wire/carrier.js';
import { createHttpProvider, DEFAULT_DEPS } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import { classifyCohereFailure } from './classify.js';
import { cohereFormat } from './format.js';
import type { CohereConfig } from './kind.js';
import { isCohere, unversioned } from './settings.js';
import { ModelList } from './wire.js';

/** The models that can chat, in one page: 1000 is the most that it holds, and more than anybody has. */
const MODELS_PATH = '/v1/models?endpoint=chat&page_size=1000';

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
 * Cohere, by version 2 of its chat API. Opens no connection before it is used. It counts no tokens in advance: `/v1/tokenize`
 * knows nothing of what Cohere adds to a prompt, of tools, documents and images.
 */
export function createCohereProvider(config: CohereConfig & Outgoing): Provider {
  const baseUrl = unversioned(config.baseUrl);
  const transport = new Transport({ ...config, baseUrl }, DEFAULT_DEPS.now, { classify: classifyCohereFailure });
  return createHttpProvider({
    ...config,
    name: config.name ?? 'Cohere',
    capabilities: CAPABILITIES,
    keyConfig: {
      required: isCohere(config.baseUrl),
      label: 'Cohere API key',
      where: 'https://dashboard.cohere.com/api-keys',
    },
    carrier: carriedBy(transport, '/v2/chat'),
    secrets: transport.secrets,
    format: cohereFormat,
    listing: {
      read: (signal) => transport.read('GET', MODELS_PATH, { ref: { provider: config.id } }, signal),
      idsOf,
    },
  });
}

function idsOf(json: unknown): string[] {
  return ModelList.parse(json)
    .models.filter((model) => !model.is_deprecated)
    .map((model) => model.name);
}
