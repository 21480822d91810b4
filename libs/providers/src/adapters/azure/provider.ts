import type { Outgoing } from '../../http/proxy-of.js';
import { dialect, type Dialect } from '../openai/chat/dialect.js';
import { chatFormat } from '../openai/chat/format.js';
import { responsesFormat } from '../openai/responses/format.js';
import { createHttpProvider, DEFAULT_DEPS } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import type { WireFormat } from '../../wire/wire-format.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import type { AzureConfig } from './config.js';

const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools', 'json'];

/**
 * OpenAI's models at Azure (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle). Its list has the
 * models that could be deployed, not the deployments, which are what can be called: so the configured ones are offered.
 */
export function createAzureProvider(config: AzureConfig & Outgoing): Provider {
  const { apiVersion, apiKey, defaultModel, models } = config;
  const endpoint = config.endpoint.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/, '');
  const transport = new Transport(
    {
      baseUrl: apiVersion === undefined ? `${endpoint}/openai/v1` : `${endpoint}/openai`,
      proxyOf: config.proxyOf,
      headers: { ...(apiKey !== undefined && { 'api-key': apiKey }), ...config.headers },
    },
    DEFAULT_DEPS.now,
  );
  return createHttpProvider({
    ...config,
    name: config.name ?? 'Azure OpenAI',
    capabilities: CAPABILITIES,
    keyConfig: {
      required: true,
      label: 'Azure OpenAI key',
      where: 'https://portal.azure.com, at the resource under "Keys and Endpoint"',
    },
    transport,
    format: formatOf(config),
    listing: { path: `/models${query(apiVersion)}`, known: models ?? [defaultModel] },
  });
}

function formatOf({ apiVersion, wire }: AzureConfig): WireFormat {
  if (wire === 'responses') return responsesFormat;
  const chat = chatFormat(dialectOf(apiVersion));
  if (apiVersion === undefined) return chat;
  return {
    ...chat,
    path: (deployment) => `/deployments/${encodeURIComponent(deployment)}/chat/completions${query(apiVersion)}`,
  };
}

/** `max_completion_tokens` and `stream_options` came with 2024-09-01-preview; what is older knows neither. */
function dialectOf(apiVersion: string | undefined): Dialect {
  if (apiVersion !== undefined && apiVersion < '2024-09-01') return dialect({ streamOptions: false });
  return dialect({ fields: { maxTokens: 'max_completion_tokens' } });
}

const query = (apiVersion: string | undefined) => (apiVersion === undefined ? '' : `?api-version=${apiVersion}`);
