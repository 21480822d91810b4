import type { Outgoing } from '../../http/proxy-of.js';
import { createOpenAIProvider } from '../openai/provider.js';
import type { Provider } from '../../spec/provider.js';
import { chatCarrier } from '../openai/carriers.js';
import type { GatewayConfig } from './config.js';

/** A gateway, for any providers behind it. Its models have the gateway's names. */
export function createGatewayProvider(config: GatewayConfig & Outgoing): Provider {
  return createOpenAIProvider({
    ...config,
    name: config.name ?? config.id,
    wire: 'chat',
    carrier: (client, sdk) => chatCarrier(client, sdk, config.path),
    keyConfig: {
      required: false,
      label: 'Gateway key',
      where: 'The operator of the gateway hands it out, if it wants one.',
    },
  });
}
