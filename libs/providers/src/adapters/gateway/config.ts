import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { CAPABILITIES } from '../../spec/capability.js';

/** A gateway in front of other providers that speaks OpenAI's chat completions, possibly with additional fields. Ours is one. */
export const GatewayConfig = z.strictObject({
  kind: z.literal('gateway'),
  id: id.default('gateway'),
  ...common,
  apiKey: secret.optional(),
  /** The URL that `path` and `/models` are appended to. */
  baseUrl,
  /** The path of chat completions. */
  path: z
    .string()
    .startsWith('/', { error: 'must begin with a slash: /chat/completions' })
    .default('/chat/completions'),
  defaultModel: modelId,
  /** What its models can do; by default chat, generate, stream and tools. */
  capabilities: z.array(z.enum(CAPABILITIES)).default(['chat', 'generate', 'stream', 'tools']),
});
export type GatewayConfig = z.output<typeof GatewayConfig>;
