import { CLAUDE_FILES } from '../anthropic/accepted-files.js';
import { defineKind } from '../kind.js';
import { BedrockConfig } from './config.js';
import { createBedrockProvider } from './provider.js';

export const bedrock = defineKind({
  config: BedrockConfig,
  // Not by AWS_ACCESS_KEY_ID, AWS_PROFILE and the like, which machines have for other reasons.
  variables: {
    names: {
      apiKey: 'AWS_BEARER_TOKEN_BEDROCK',
      credentials: 'BEDROCK_CREDENTIALS',
      region: 'AWS_REGION',
      baseUrl: 'BEDROCK_BASE_URL',
      defaultModel: 'BEDROCK_MODEL',
    },
    enabledBy: ['apiKey', 'credentials'],
    authentication: ['accessKeyId', 'secretAccessKey', 'sessionToken', 'credentials'],
  },
  create: (config, { outgoing }) => createBedrockProvider({ ...config, ...outgoing }),
  formatFields: () => undefined,
  sendsWholeFiles: true,
  acceptedFiles: () => CLAUDE_FILES,
});
