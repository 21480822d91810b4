import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../config-fields.js';
import { CAPABILITIES } from '../spec/capability.js';

/** What only the call can say, or the reader of the answer relies on. */
const OURS = ['model', 'messages', 'stream', 'n'] as const;

/** A gateway in front of other providers that speaks OpenAI's chat completions, maybe with more in the body: ours is one. */
export const GatewayConfig = z.strictObject({
  kind: z.literal('gateway'),
  id: id.default('gateway'),
  ...common,
  apiKey: secret.optional(),
  /** What `path` and `/models` are put behind. */
  baseUrl,
  /** Where chat completions are asked for. */
  path: z
    .string()
    .startsWith('/', { error: 'must begin with a slash: /chat/completions' })
    .default('/chat/completions'),
  defaultModel: modelId,
  /** Fields of the gateway's own, sent with every request. Of a setting that the call has as well, the call's counts. */
  body: z
    .record(z.string(), z.json())
    .default({})
    .superRefine((body, context) => {
      for (const name of OURS.filter((field) => field in body))
        context.addIssue({ code: 'custom', path: [name], message: 'is written by the relay; leave it out' });
    }),
  /** What its models can do; by default chat, generate, stream and tools. */
  capabilities: z.array(z.enum(CAPABILITIES)).default(['chat', 'generate', 'stream', 'tools']),
});
export type GatewayConfig = z.output<typeof GatewayConfig>;
