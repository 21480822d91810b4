import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

/** Anthropic, or a compatible server at another base URL. The key may be absent for servers that need none. */
export const AnthropicConfig = z.strictObject({
  kind: z.literal('anthropic'),
  id: id.default('anthropic'),
  ...common,
  apiKey: secret.optional(),
  /** With or without `/v1`. */
  baseUrl: baseUrl.default('https://api.anthropic.com'),
  defaultModel: modelId.default('claude-sonnet-5-5'),
});
export type AnthropicConfig = z.output<typeof AnthropicConfig>;
