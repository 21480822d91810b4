import type { Outgoing } from '../../http/proxy-of.js';
import { dialectOf } from '../openai/dialect-of.js';
import { chatFormat } from '../openai/chat/format.js';
import { createOpenAIProvider } from '../openai/provider.js';
import type { Provider } from '../../spec/provider.js';
import { chatCarrier } from '../openai/carriers.js';
import type { ChatRequest } from '../openai/chat/wire.js';
import type { WireFormat } from '../../wire/wire-format.js';
import type { GatewayConfig } from './kind.js';

/** A gateway, for any providers behind it. Its models have the gateway's names. */
export function createGatewayProvider(config: GatewayConfig & Outgoing): Provider {
  return createOpenAIProvider({
    ...config,
    name: config.name ?? config.id,
    wire: 'chat',
    format: gatewayFormat(config),
    carrier: (client, sdk) => chatCarrier(client, sdk, config.path),
    keyConfig: {
      required: false,
      label: 'Gateway key',
      where: 'The operator of the gateway hands it out, if it wants one.',
    },
  });
}

function gatewayFormat({ baseUrl, body: own }: GatewayConfig): WireFormat<ChatRequest> {
  const chat = chatFormat(dialectOf(baseUrl));
  return {
    ...chat,
    toWire(call, ref) {
      const { body, ...request } = chat.toWire(call, ref);
      return { ...request, body: { ...own, ...body } };
    },
  };
}
