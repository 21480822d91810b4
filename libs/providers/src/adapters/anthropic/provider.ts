import { randomUUID } from 'node:crypto';
import type { Outgoing } from '../../http/proxy-of.js';
import { carriedBy } from '../../wire/carrier.js';
import { createHttpProvider, DEFAULT_DEPS, type HttpDeps } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { AnthropicConfig } from './config.js';
import { messagesFormat } from './format.js';
import { apiRoot, isAnthropic } from './settings.js';
import { toCount } from './request/to-wire.js';
import { ModelPage, TokenCount } from './wire.js';

/** The version of the API, not of a model; https://docs.anthropic.com/en/api/versioning. */
const API_VERSION = '2023-06-01';

/** As many as one page can hold: nobody has more. */
const MODELS_PATH = '/models?limit=1000';

const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools'];

const newCallId = (): string => `toolu_${randomUUID().replaceAll('-', '')}`;

/**
 * Anthropic, or any server that speaks its Messages API. Opens no connection before it is used. Requests and the loop over a
 * stream are those of every HTTP provider, which know nothing of a format.
 */
export function createAnthropicProvider(config: AnthropicConfig & Outgoing, deps: Partial<HttpDeps> = {}): Provider {
  const transport = newTransport(config, deps.now ?? DEFAULT_DEPS.now);
  const provider = createHttpProvider(
    {
      ...config,
      name: config.name ?? 'Anthropic',
      capabilities: CAPABILITIES,
      keyConfig: {
        required: isAnthropic(config.baseUrl),
        label: 'Anthropic API key',
        where: 'https://console.anthropic.com/settings/keys',
      },
      carrier: carriedBy(transport, '/messages'),
      secrets: transport.secrets,
      format: messagesFormat,
      listing: {
        read: (signal) => transport.read('GET', MODELS_PATH, { ref: { provider: config.id } }, signal),
        idsOf: (json) => ModelPage.parse(json).data.map(({ id }) => id),
      },
    },
    deps.newCallId ?? newCallId,
  );
  return {
    ...provider,
    async countTokens(model, call, signal) {
      const ref = { provider: config.id, model };
      const text = await transport.read('POST', '/messages/count_tokens', { ref, body: toCount(call, ref) }, signal);
      try {
        return TokenCount.parse(JSON.parse(text)).input_tokens;
      } catch (cause) {
        throw new ProviderError('malformed_response', { ref, detail: 'not a count of tokens', cause });
      }
    },
  };
}

function newTransport({ apiKey, baseUrl, headers, proxyOf }: AnthropicConfig & Outgoing, now: () => number): Transport {
  const own = { ...(apiKey && { 'x-api-key': apiKey }), 'anthropic-version': API_VERSION };
  return new Transport({ baseUrl: apiRoot(baseUrl), headers: { ...own, ...headers }, proxyOf }, now);
}
