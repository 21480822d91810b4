import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { CAPABILITIES } from '../../spec/capability.js';
import { defineKind } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { createGatewayProvider } from './provider.js';

/** Fields that are set by the call, or that the reader of the answer relies on. */
const OURS = ['model', 'messages', 'stream', 'n'] as const;

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
  /** Fields of the gateway's own, sent with every request. A setting of the call takes precedence. */
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

export const gateway = defineKind({
  config: GatewayConfig,
  create: (config, { outgoing }) => createGatewayProvider({ ...config, ...outgoing }),
  formatFields: () => chatFormatFields,
  acceptedFiles: () => null,
});
