import { randomUUID } from 'node:crypto';
import type { Outgoing } from '../../http/proxy-of.js';
import { SdkTransport } from '../../sdk/sdk-transport.js';
import type { Capability } from '../../spec/capability.js';
import type { Provider } from '../../spec/provider.js';
import { createHttpProvider, DEFAULT_DEPS, type HttpDeps } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { messagesCarrier } from './carriers.js';
import { createAnthropicClient } from './client.js';
import { countTokens } from './count-tokens.js';
import { messagesFormat } from './format.js';
import { isAnthropic } from './hosts.js';
import type { AnthropicConfig } from './config.js';
import { readModels } from '../../wire/model-info.js';
import { canChat, describe } from './listed-model.js';
import { ModelPage } from './wire.js';

/** As many models as one page can hold: nobody has more. */
const ONE_PAGE = { limit: 1_000 };

/** What Claude can do, wherever it runs. */
export const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools'];

export const newCallId = (): string => `toolu_${randomUUID().replaceAll('-', '')}`;

/** Anthropic, or any server that speaks its Messages API. Opens no connection before it is used. The SDK makes the requests. */
export function createAnthropicProvider(config: AnthropicConfig & Outgoing, deps: Partial<HttpDeps> = {}): Provider {
  const sdk = new SdkTransport(new Transport(config, deps.now ?? DEFAULT_DEPS.now));
  const client = createAnthropicClient(config, sdk);
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
      carrier: messagesCarrier(client, sdk),
      secrets: sdk.secrets,
      format: messagesFormat,
      listing: {
        read: (signal) =>
          sdk.read((options) => client.models.list(ONE_PAGE, options).asResponse(), { provider: config.id }, signal),
        modelsOf: (json) => readModels(ModelPage.parse(json).data, describe, canChat),
      },
    },
    deps.newCallId ?? newCallId,
  );
  return {
    ...provider,
    countTokens: (model, call, signal) =>
      countTokens(client.messages, sdk, call, { provider: config.id, model }, signal),
  };
}
