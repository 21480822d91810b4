import { defineKind } from '../../kind.js';
import { WebSocketConfig } from './config.js';
import { createWebSocketProvider } from './provider.js';

export const websocket = defineKind({
  config: WebSocketConfig,
  create: (config, { outgoing }) => createWebSocketProvider({ ...config, ...outgoing }),
  // Its template has no place for fields that it does not name.
  formatFields: () => undefined,
  sendsWholeFiles: true,
  acceptedFiles: () => null,
});
