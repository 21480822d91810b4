import type { Outgoing } from '../../http/proxy-of.js';
import { carriedBy } from '../../wire/carrier.js';
import { createHttpProvider, DEFAULT_DEPS } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { seenBy } from '../../traits/sees-pictures.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import type { OllamaConfig } from './config.js';
import { ollamaFormat } from './format.js';
import { modelDetails, modelsOf } from './model-list.js';

const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools', 'json'];

/** A server that runs open models (https://docs.ollama.com/api), by its own API rather than the OpenAI-compatible one. */
export function createOllamaProvider(config: OllamaConfig & Outgoing): Provider {
  const baseUrl = config.baseUrl.replace(/\/+$/, '').replace(/\/(v1|api)$/, '');
  const transport = new Transport({ ...config, baseUrl }, DEFAULT_DEPS.now);
  return createHttpProvider({
    ...config,
    name: config.name ?? 'Ollama',
    capabilities: seenBy(CAPABILITIES),
    keyConfig: {
      required: isCloud(baseUrl),
      label: 'API key',
      where: 'https://ollama.com/settings/keys, for its cloud only',
    },
    carrier: carriedBy(transport, '/api/chat'),
    secrets: transport.secrets,
    format: ollamaFormat,
    listing: {
      read: (signal) => transport.read('GET', '/api/tags', { ref: { provider: config.id } }, signal),
      modelsOf,
      describe: modelDetails(config, transport),
    },
  });
}

const isCloud = (baseUrl: string): boolean => /(^|\.)ollama\.com$/.test(new URL(baseUrl).hostname);
