import { defineKind } from '../../kind.js';
import { chatFormatFields } from '../../openai/chat/request/response-format.js';
import { HttpConfig } from './config.js';
import { createDeclaredHttpProvider } from './provider.js';

export const http = defineKind({
  config: HttpConfig,
  create: (config, { outgoing }) => createDeclaredHttpProvider({ ...config, ...outgoing }),
  formatFields: () => chatFormatFields,
  acceptedFiles: () => null,
});
