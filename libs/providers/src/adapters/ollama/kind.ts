import * as z from 'zod';
import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { defineKind, usualVariables } from '../kind.js';
import { createOllamaProvider } from './provider.js';
import { ollamaFormatFields } from './request/response-format.js';

/** Ollama by its own API. */
export const OllamaConfig = z.strictObject({
  kind: z.literal('ollama'),
  id: id.default('ollama'),
  ...common,
  /** For Ollama's cloud, or a proxy that wants one. */
  apiKey: secret.optional(),
  /** With or without `/v1` or `/api`. */
  baseUrl: baseUrl.default('http://localhost:11434'),
  /** Must have been pulled: `ollama pull llama3.2`. */
  defaultModel: modelId.default('llama3.2'),
});
export type OllamaConfig = z.output<typeof OllamaConfig>;

export const ollama = defineKind({
  config: OllamaConfig,
  variables: usualVariables('OLLAMA', ['baseUrl']),
  create: (config, { outgoing }) => createOllamaProvider({ ...config, ...outgoing }),
  formatFields: () => ollamaFormatFields,
  acceptedFiles: () => JPEG_AND_PNG,
  isOwnServer: () => true,
});
