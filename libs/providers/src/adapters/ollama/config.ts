import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

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
