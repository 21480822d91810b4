import type { Outgoing } from '../../http/proxy-of.js';
import { SdkTransport } from '../../sdk/sdk-transport.js';
import type { Provider } from '../../spec/provider.js';
import { createHttpProvider, DEFAULT_DEPS, type HttpDeps } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { needsFormerVersion } from '../anthropic/api-version.js';
import { messagesCarrier } from '../anthropic/carriers.js';
import { CAPABILITIES, newCallId } from '../anthropic/provider.js';
import { claudeTraits } from '../../traits/claude-traits.js';
import type { MessagesRequest } from '../anthropic/wire.js';
import { createBedrockClient } from './client.js';
import { failureRules } from './failures.js';
import { bedrockFormat } from './format.js';
import { signerOf } from './signature.js';
import { type BedrockConfig, WHERE } from './config.js';

/** What all Claude models of Bedrock take, where the SDK's own version is for 4.7 and later only. */
const FORMER_VERSION = 'bedrock-2023-05-31';

/**
 * Claude on Amazon Bedrock (https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock). Its lists have models
 * that an account may not call, and are an API of its own, so the configured models are offered.
 */
export function createBedrockProvider(config: BedrockConfig & Outgoing, deps: Partial<HttpDeps> = {}): Provider {
  const { models, defaultModel } = config;
  const transport = newTransport(config, deps.now ?? DEFAULT_DEPS.now);
  const sdk = new SdkTransport(transport);
  const client = createBedrockClient(config, transport.baseUrl, sdk);
  const probe = (signal: AbortSignal) =>
    sdk.read(
      (options) => client.post('/v1/messages', { body: { model: defaultModel }, ...options }).asResponse(),
      { provider: config.id },
      signal,
    );
  return createHttpProvider(
    {
      ...config,
      name: config.name ?? 'Amazon Bedrock',
      capabilities: CAPABILITIES,
      keyConfig: {
        required: true,
        label: 'Bedrock API key',
        where: WHERE,
      },
      carrier: messagesCarrier(client, sdk, withVersion),
      secrets: sdk.secrets,
      format: bedrockFormat,
      // A request without messages is refused, after the key was checked, and costs nothing.
      listing: { read: probe, known: models ?? [defaultModel] },
    },
    deps.newCallId ?? newCallId,
  );
}

function newTransport(config: BedrockConfig & Outgoing, now: () => number): Transport {
  const { region, apiKey, secretAccessKey, sessionToken, headers, proxyOf } = config;
  const settings = {
    apiKey,
    baseUrl: config.baseUrl ?? `https://bedrock-runtime.${region}.amazonaws.com`,
    // As the SDK has it: what of the answer is streamed is decided by the path.
    headers: { accept: 'application/json', ...headers },
    secrets: [secretAccessKey, sessionToken].filter((secret) => secret !== undefined),
    proxyOf,
    sign: signerOf(config),
  };
  return new Transport(settings, now, failureRules);
}

function withVersion(body: MessagesRequest): { body: MessagesRequest & { anthropic_version?: string } } {
  const isNewer = !claudeTraits(body.model).sampling && !needsFormerVersion(body);
  return { body: isNewer ? body : { anthropic_version: FORMER_VERSION, ...body } };
}
