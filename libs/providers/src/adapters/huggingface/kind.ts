import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { defineKind, usualVariables } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { HuggingFaceConfig } from './config.js';
import { createHuggingFaceProvider } from './provider.js';

export const huggingFace = defineKind({
  config: HuggingFaceConfig,
  variables: usualVariables('HF', ['apiKey', 'baseUrl'], 'HF_TOKEN'),
  create: (config, { outgoing }) => createHuggingFaceProvider({ ...config, ...outgoing }),
  formatFields: ({ api }) => (api === 'chat' ? chatFormatFields : undefined),
  acceptedFiles: () => JPEG_AND_PNG,
  isOwnServer: ({ api }) => api === 'text-generation-inference',
});
