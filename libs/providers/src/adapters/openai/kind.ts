import { IMAGES_AND_PDF, JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import type { Capability } from '../../spec/capability.js';
import { seenBy } from '../../traits/sees-pictures.js';
import { defineKind, usualVariables } from '../kind.js';
import { chatFormatFields } from './chat/request/response-format.js';
import { OpenAIConfig } from './config.js';
import { defaultWire, isOpenAI } from './hosts.js';
import { createOpenAIProvider } from './provider.js';
import { RESPONSES_FILES } from './responses/accepted-files.js';
import { responsesFormatFields } from './responses/request/response-format.js';

const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools', 'json'];

const wireOf = (config: OpenAIConfig) => config.wire ?? defaultWire(config.baseUrl);

export const openAI = defineKind({
  config: OpenAIConfig,
  variables: usualVariables('OPENAI', ['apiKey', 'baseUrl']),
  create: (config, { outgoing }) =>
    createOpenAIProvider({
      ...config,
      ...outgoing,
      name: config.name ?? 'OpenAI',
      wire: wireOf(config),
      capabilities: seenBy(CAPABILITIES),
      keyConfig: {
        required: isOpenAI(config.baseUrl),
        label: 'OpenAI API key',
        where: 'https://platform.openai.com/api-keys',
      },
    }),
  // OpenAI's own rules are for its own servers: others that an entry names may run any model.
  speaker: (config) => ({
    wire: wireOf(config),
    ...(!isOpenAI(config.baseUrl) && { kind: 'openai-compatible' }),
  }),
  formatFields: (config) => (wireOf(config) === 'responses' ? responsesFormatFields : chatFormatFields),
  acceptedFiles(config) {
    if (wireOf(config) === 'responses') return RESPONSES_FILES;
    return isOpenAI(config.baseUrl) ? IMAGES_AND_PDF : JPEG_AND_PNG;
  },
});
