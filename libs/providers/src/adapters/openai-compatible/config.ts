import * as z from 'zod';
import { CAPABILITIES } from '../../spec/capability.js';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

/** Any other server that speaks OpenAI's chat completions. */
export const OpenAICompatibleConfig = z.strictObject({
  kind: z.literal('openai-compatible'),
  id,
  ...common,
  apiKey: secret.optional(),
  baseUrl,
  defaultModel: modelId,
  /** What its models can do; by default chat, generate, stream and tools. */
  capabilities: z.array(z.enum(CAPABILITIES)).default(['chat', 'generate', 'stream', 'tools']),
});
