import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { defineKind, usualVariables } from '../kind.js';
import { OllamaConfig } from './config.js';
import { createOllamaProvider } from './provider.js';
import { ollamaFormatFields } from './request/response-format.js';

export const ollama = defineKind({
  config: OllamaConfig,
  variables: usualVariables('OLLAMA', ['baseUrl']),
  create: (config, { outgoing }) => createOllamaProvider({ ...config, ...outgoing }),
  formatFields: () => ollamaFormatFields,
  acceptedFiles: () => JPEG_AND_PNG,
  isOwnServer: () => true,
});
