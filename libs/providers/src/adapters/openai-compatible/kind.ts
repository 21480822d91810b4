import * as z from 'zod';
import { CAPABILITIES } from '../../spec/capability.js';
import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { defineKind } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { createOpenAIProvider } from '../openai/provider.js';

/** Any other server that speaks OpenAI's chat completions. */
const OpenAICompatibleConfig = z.strictObject({
  kind: z.literal('openai-compatible'),
  id,
  ...common,
  apiKey: secret.optional(),
  baseUrl,
  defaultModel: modelId,
  /** What its models can do; by default chat, generate, stream and tools. */
  capabilities: z.array(z.enum(CAPABILITIES)).default(['chat', 'generate', 'stream', 'tools']),
});

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
