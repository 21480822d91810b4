import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { defineKind } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { createOpenAIProvider } from '../openai/provider.js';
import { OpenAICompatibleConfig } from './config.js';

export const openAICompatible = defineKind({
  config: OpenAICompatibleConfig,
  create: (config, { outgoing }) =>
    createOpenAIProvider({
      ...config,
      ...outgoing,
      name: config.name ?? config.id,
      wire: 'chat',
      keyConfig: {
        required: false,
        label: 'API key',
        where: 'The operator of the server hands it out, if it wants one.',
      },
    }),
  formatFields: () => chatFormatFields,
  acceptedFiles: () => JPEG_AND_PNG,
});
