import * as z from 'zod';
import { createDemoProvider } from './demo/provider.js';
import { createOpenAIProvider } from './openai/provider.js';
import { defaultWire, isOpenAI } from './openai/settings.js';
import { CAPABILITIES, type Capability } from './spec/capability.js';
import { PROVIDER_ID, type Provider } from './spec/provider.js';

const id = z.string().regex(PROVIDER_ID);
const secret = z.string().trim().min(1);
const baseUrl = z.url({ protocol: /^https?$/ });

const common = {
  /** For people. By default the vendor's name, or the id. */
  name: z.string().min(1).optional(),
  /** Sent with every request. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Model ids to offer without asking the provider. */
  models: z.array(z.string().min(1)).optional(),
};

/** OpenAI, or what stands in for it under another base URL, with the key's absence allowed for keyless servers. */
const OpenAIConfig = z.strictObject({
  kind: z.literal('openai'),
  id: id.default('openai'),
  ...common,
  apiKey: secret.optional(),
  baseUrl: baseUrl.default('https://api.openai.com/v1'),
  defaultModel: z.string().min(1).default('gpt-5.4-mini'),
  /** What to speak: by default `responses` at OpenAI's own hosts, `chat` elsewhere. */
  wire: z.enum(['chat', 'responses']).optional(),
});

/** Any other server that speaks OpenAI's chat completions. */
const OpenAICompatibleConfig = z.strictObject({
  kind: z.literal('openai-compatible'),
  id,
  ...common,
  apiKey: secret.optional(),
  baseUrl,
  defaultModel: z.string().min(1),
  /** What its models can do; by default chat, generate, stream and tools. */
  capabilities: z.array(z.enum(CAPABILITIES)).default(['chat', 'generate', 'stream', 'tools']),
});

const DemoConfig = z.strictObject({ kind: z.literal('demo'), id: id.default('demo') });

/** Settings of one provider. Several of one kind may stand side by side under different ids. */
export const ProviderConfig = z.discriminatedUnion('kind', [OpenAIConfig, OpenAICompatibleConfig, DemoConfig]);
export type ProviderConfig = z.output<typeof ProviderConfig>;
/** A {@link ProviderConfig} as a person writes it, defaults left out. */
export type ProviderConfigInput = z.input<typeof ProviderConfig>;

const OPENAI_CAPABILITIES: readonly Capability[] = [
  'chat',
  'generate',
  'stream',
  'reasoning',
  'vision',
  'tools',
  'json',
];

/** Makes the providers; nothing is asked over the network. @throws z.ZodError for settings that are none */
export function createProviders(configs: readonly ProviderConfigInput[]): Provider[] {
  return configs.map((config) => createProvider(ProviderConfig.parse(config)));
}

function createProvider(config: ProviderConfig): Provider {
  switch (config.kind) {
    case 'openai':
      return createOpenAIProvider({
        ...config,
        name: config.name ?? 'OpenAI',
        wire: config.wire ?? defaultWire(config.baseUrl),
        capabilities: OPENAI_CAPABILITIES,
        keyConfig: {
          required: isOpenAI(config.baseUrl),
          label: 'OpenAI API key',
          where: 'https://platform.openai.com/api-keys',
        },
      });
    case 'openai-compatible':
      return createOpenAIProvider({
        ...config,
        name: config.name ?? config.id,
        wire: 'chat',
        keyConfig: {
          required: false,
          label: 'API key',
          where: 'The operator of the server hands it out, if it wants one.',
        },
      });
    case 'demo':
      return createDemoProvider(config.id);
    default:
      return config satisfies never;
  }
}
