import type { Outgoing } from '../../http/proxy-of.js';
import { SdkTransport } from '../../sdk/sdk-transport.js';
import type { Provider } from '../../spec/provider.js';
import { createHttpProvider, DEFAULT_DEPS, type HttpDeps } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { needsFormerVersion } from '../anthropic/api-version.js';
import { messagesCarrier } from '../anthropic/carriers.js';
import { countTokens } from '../anthropic/count-tokens.js';
import { messagesFormat } from '../anthropic/format.js';
import { withModelInPath } from '../../wire/model-in-path.js';
import { CAPABILITIES, newCallId } from '../anthropic/provider.js';
import type { CountRequest, MessagesRequest } from '../anthropic/wire.js';
import { baseUrlOf, createVertexClient } from './client.js';
import { type VertexConfig, WHERE } from './config.js';
import { tokensOf } from './tokens.js';

/** The version before the SDK's own, in Vertex's words. */
const FORMER_VERSION = 'vertex-2023-10-16';

/**
 * Claude on Google Vertex AI (https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai). It lists no models that a
 * project may call, so the configured ones are offered.
 */
export function createVertexProvider(config: VertexConfig & Outgoing, deps: Partial<HttpDeps> = {}): Provider {
  const { id, models, defaultModel } = config;
  const sdk = new SdkTransport(newTransport(config, deps.now ?? DEFAULT_DEPS.now));
  const client = createVertexClient(config, sdk);
  const probe = (signal: AbortSignal) =>
    sdk.read(
      (options) => client.messages.countTokens(one(defaultModel), options).asResponse(),
      { provider: id },
      signal,
    );
  const provider = createHttpProvider(
    {
      ...config,
      name: config.name ?? 'Google Vertex AI',
      capabilities: CAPABILITIES,
      keyConfig: {
        required: true,
        label: 'Google service account',
        where: WHERE,
      },
      carrier: messagesCarrier(client, sdk, withVersion),
      secrets: sdk.secrets,
      format: messagesFormat,
      // Counting is free, and shows that the project may call the model.
      listing: { read: probe, known: models ?? [defaultModel] },
    },
    deps.newCallId ?? newCallId,
  );
  return {
    ...withModelInPath(provider, 'a model'),
    countTokens: (model, call, signal) => countTokens(client.messages, sdk, call, { provider: id, model }, signal),
  };
}

const one = (model: string): CountRequest => ({ model, messages: [{ role: 'user', content: 'Hi' }] });

function newTransport(config: VertexConfig & Outgoing, now: () => number): Transport {
  const { accessToken, serviceAccount, headers, proxyOf } = config;
  const secrets = [accessToken, serviceAccount?.privateKey].filter((secret) => secret !== undefined);
  const tokens = tokensOf(config, now);
  return new Transport({ baseUrl: baseUrlOf(config), headers, secrets, tokens, proxyOf }, now);
}

function withVersion(body: MessagesRequest): { body: MessagesRequest & { anthropic_version?: string } } {
  return { body: needsFormerVersion(body) ? { anthropic_version: FORMER_VERSION, ...body } : body };
}
