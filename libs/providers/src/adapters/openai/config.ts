import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

/** OpenAI, or a compatible server at another base URL. The key may be absent for servers that need none. */
export const OpenAIConfig = z.strictObject({
  kind: z.literal('openai'),
  id: id.default('openai'),
  ...common,
  apiKey: secret.optional(),
  baseUrl: baseUrl.default('https://api.openai.com/v1'),
  defaultModel: modelId.default('gpt-5.4-mini'),
  /** What to speak: by default `responses` at OpenAI's own hosts, `chat` elsewhere. */
  wire: z.enum(['chat', 'responses']).optional(),
});
export type OpenAIConfig = z.output<typeof OpenAIConfig>;
