import * as z from 'zod';
import type { Outgoing } from '../../http/proxy-of.js';
import { carriedBy } from '../../wire/carrier.js';
import { createHttpProvider, DEFAULT_DEPS } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { seenBy } from '../../traits/sees-pictures.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import type { OllamaConfig } from './config.js';
import { ollamaFormat } from './format.js';

const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools', 'json'];

/** `GET /api/tags`; null while nothing was pulled. */
const Tags = z.object({ models: z.array(z.object({ name: z.string() })).nullish() });

/** A server that runs open models (https://docs.ollama.com/api), by its own API rather than the OpenAI-compatible one. */
export function createOllamaProvider(config: OllamaConfig & Outgoing): Provider {
  const baseUrl = config.baseUrl.replace(/\/+$/, '').replace(/\/(v1|api)$/, '');
  const transport = new Transport({ ...config, baseUrl }, DEFAULT_DEPS.now);
  return createHttpProvider({
    ...config,
    name: config.name ?? 'Ollama',
    capabilities: seenBy(CAPABILITIES),
    keyConfig: { required: false, label: 'API key', where: 'https://ollama.com/settings/keys, for its cloud only' },
    carrier: carriedBy(transport, '/api/chat'),
    secrets: transport.secrets,
    format: ollamaFormat,
    listing: {
      read: (signal) => transport.read('GET', '/api/tags', { ref: { provider: config.id } }, signal),
      idsOf: (json) => (Tags.parse(json).models ?? []).map(({ name }) => name),
    },
  });
}
