import { CLAUDE_FILES } from '../anthropic/accepted-files.js';
import { defineKind } from '../kind.js';
import { VertexConfig } from './config.js';
import { createVertexProvider } from './provider.js';

export const vertex = defineKind({
  config: VertexConfig,
  // Not by GOOGLE_APPLICATION_CREDENTIALS and the like, which machines have for other reasons.
  variables: {
    names: {
      credentials: 'VERTEX_CREDENTIALS',
      projectId: 'VERTEX_PROJECT_ID',
      region: 'VERTEX_REGION',
      baseUrl: 'VERTEX_BASE_URL',
      defaultModel: 'VERTEX_MODEL',
    },
    enabledBy: ['credentials'],
    authentication: ['serviceAccount', 'keyFile', 'accessToken', 'credentials'],
  },
  create: (config, { outgoing }) => createVertexProvider({ ...config, ...outgoing }),
  formatFields: () => undefined,
  acceptedFiles: () => CLAUDE_FILES,
});
