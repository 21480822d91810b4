import { defineKind, usualVariables } from '../kind.js';
import { CLAUDE_FILES } from './accepted-files.js';
import { AnthropicConfig } from './config.js';
import { createAnthropicProvider } from './provider.js';

export const anthropic = defineKind({
  config: AnthropicConfig,
  variables: usualVariables('ANTHROPIC', ['apiKey', 'baseUrl']),
  create: (config, { outgoing }) => createAnthropicProvider({ ...config, ...outgoing }),
  formatFields: () => undefined,
  acceptedFiles: () => CLAUDE_FILES,
});
