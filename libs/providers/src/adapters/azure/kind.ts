import { IMAGES_AND_PDF } from '../../attachments/accepted-files.js';
import { defineKind } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { RESPONSES_FILES } from '../openai/responses/accepted-files.js';
import { responsesFormatFields } from '../openai/responses/request/response-format.js';
import { AzureConfig } from './config.js';
import { createAzureProvider } from './provider.js';

export const azureOpenAI = defineKind({
  config: AzureConfig,
  variables: {
    names: {
      apiKey: 'AZURE_OPENAI_API_KEY',
      credentials: 'AZURE_OPENAI_CREDENTIALS',
      endpoint: 'AZURE_OPENAI_ENDPOINT',
      apiVersion: 'AZURE_OPENAI_API_VERSION',
      defaultModel: 'AZURE_OPENAI_DEPLOYMENT',
    },
    // Not by AZURE_CLIENT_ID and the like, which machines have for other reasons.
    enabledBy: ['apiKey', 'credentials'],
    authentication: ['entra', 'credentials'],
  },
  create: (config, { outgoing }) => createAzureProvider({ ...config, ...outgoing }),
  speaker: ({ wire }) => ({ wire }),
  formatFields: ({ wire }) => (wire === 'responses' ? responsesFormatFields : chatFormatFields),
  acceptedFiles: ({ wire }) => (wire === 'responses' ? RESPONSES_FILES : IMAGES_AND_PDF),
});
