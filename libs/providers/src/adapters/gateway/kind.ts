import { defineKind } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { GatewayConfig } from './config.js';
import { createGatewayProvider } from './provider.js';

export const gateway = defineKind({
  config: GatewayConfig,
  create: (config, { outgoing }) => createGatewayProvider({ ...config, ...outgoing }),
  formatFields: () => chatFormatFields,
  acceptedFiles: () => null,
});
