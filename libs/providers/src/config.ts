import * as z from 'zod';
import { AzureConfig } from './adapters/azure/config.js';
import { createAzureProvider } from './adapters/azure/provider.js';
import { baseUrl, common, id, secret } from './config-fields.js';
import { AnthropicConfig } from './adapters/anthropic/config.js';
import { createAnthropicProvider } from './adapters/anthropic/provider.js';
import { CohereConfig } from './adapters/cohere/config.js';
import { createCohereProvider } from './adapters/cohere/provider.js';
import { GraphqlConfig } from './adapters/declared/graphql/config.js';
import { createGraphqlProvider } from './adapters/declared/graphql/provider.js';
import { HttpConfig } from './adapters/declared/http/config.js';
import { createDeclaredHttpProvider } from './adapters/declared/http/provider.js';
import { WebSocketConfig } from './adapters/declared/websocket/config.js';
import { createWebSocketProvider } from './adapters/declared/websocket/provider.js';
import { createDemoProvider } from './adapters/demo/provider.js';
import { HuggingFaceConfig } from './adapters/huggingface/config.js';
import { GatewayConfig } from './adapters/gateway/config.js';
import { createGatewayProvider } from './adapters/gateway/provider.js';
import { type Outgoing, type ProxyOf, proxyOf } from './http/proxy-of.js';
import { createHuggingFaceProvider } from './adapters/huggingface/provider.js';
import { ModuleConfig } from './adapters/module/entry.js';
import type { ProviderModule } from './adapters/module/define-provider.js';
import { OllamaConfig } from './adapters/ollama/config.js';
import { createOllamaProvider } from './adapters/ollama/provider.js';
import { createOpenAIProvider } from './adapters/openai/provider.js';
import { defaultWire, isOpenAI } from './adapters/openai/hosts.js';
import { isPreset, PresetConfigs } from './adapters/presets/config.js';
import { createPresetProvider } from './adapters/presets/provider.js';
import { withKeys } from './policies/with-keys.js';
import { withPolicies } from './policies/with-policies.js';
import { modelPolicies } from './policies/policy-config.js';
import { CAPABILITIES, type Capability } from './spec/capability.js';
import type { Provider } from './spec/provider.js';
import { ProviderError } from './spec/provider-error.js';

/** OpenAI, or a compatible server at another base URL. The key may be absent for servers that need none. */
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

const DemoConfig = z.strictObject({ kind: z.literal('demo'), id: id.default('demo'), ...modelPolicies });

const KINDS = [
  OpenAIConfig,
  AzureConfig,
  AnthropicConfig,
  CohereConfig,
  OpenAICompatibleConfig,
  GatewayConfig,
  ...PresetConfigs,
  HuggingFaceConfig,
  OllamaConfig,
  HttpConfig,
  GraphqlConfig,
  WebSocketConfig,
  DemoConfig,
  ModuleConfig,
] as const;

const kindNames = () => KINDS.flatMap(({ shape }) => [...shape.kind.values]).join(', ');

/** Settings of one provider. Several of one kind may exist under different ids. */
export const ProviderConfig = z
  .discriminatedUnion('kind', KINDS, {
    error: () => `must be one of ${kindNames()}; or leave it out and name a module`,
  })
  .superRefine((config, context) => {
    if (!('apiKeys' in config) || !config.apiKeys || !('apiKey' in config) || config.apiKey === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['apiKeys'],
      message: 'cannot be set together with apiKey: remove one of them',
    });
  })
  .superRefine((config, context) => {
    if (!('onlyListed' in config) || !config.onlyListed) return;
    const { models = [], defaultModel } = config;
    const problem = models.length === 0 ? 'needs models' : 'needs the default model among models';
    if (defaultModel !== undefined && models.includes(defaultModel)) return;
    context.addIssue({ code: 'custom', path: ['onlyListed'], message: problem });
  });
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

/** What applies to all providers that are made together. */
export interface CreateProvidersOptions {
  /** The proxy for a URL whose entry has no setting; by default none. */
  readonly proxyOf?: ProxyOf;
}

/**
 * Creates the providers without any request. `modules` has what the configs of kind `module` name, by path.
 * @throws z.ZodError for invalid settings
 */
export function createProviders(
  configs: readonly ProviderConfigInput[],
  modules: ReadonlyMap<string, ProviderModule> = new Map(),
  options: CreateProvidersOptions = {},
): Provider[] {
  return configs.map((input) => {
    const config = ProviderConfig.parse(input);
    const proxy = 'proxy' in config && config.kind !== 'module' ? config.proxy : undefined;
    const outgoing = { proxyOf: proxyOf(proxy, options.proxyOf) };
    const provider = withPolicies(
      config,
      withKeys(config, (one) => createProvider(one, modules, outgoing)),
    );
    return 'onlyListed' in config && config.onlyListed ? onlyListed(provider) : provider;
  });
}

function onlyListed(provider: Provider): Provider {
  const allowed = provider.models ?? [];
  return {
    ...provider,
    listModels: async () => allowed.map((model) => ({ id: model })),
    model(model) {
      if (allowed.includes(model)) return provider.model(model);
      const detail = `"${model}" is not offered; allowed models: ${allowed.join(', ')}`;
      throw new ProviderError('model_unknown', { ref: { provider: provider.id, model }, detail });
    },
  };
}

function createProvider(
  config: ProviderConfig,
  modules: ReadonlyMap<string, ProviderModule>,
  outgoing: Outgoing,
): Provider {
  if (isPreset(config)) return createPresetProvider({ ...config, ...outgoing });
  switch (config.kind) {
    case 'openai':
      return createOpenAIProvider({
        ...config,
        ...outgoing,
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
        ...outgoing,
        name: config.name ?? config.id,
        wire: 'chat',
        keyConfig: {
          required: false,
          label: 'API key',
          where: 'The operator of the server hands it out, if it wants one.',
        },
      });
    case 'gateway':
      return createGatewayProvider({ ...config, ...outgoing });
    case 'azure-openai':
      return createAzureProvider({ ...config, ...outgoing });
    case 'anthropic':
      return createAnthropicProvider({ ...config, ...outgoing });
    case 'cohere':
      return createCohereProvider({ ...config, ...outgoing });
    case 'huggingface':
      return createHuggingFaceProvider({ ...config, ...outgoing });
    case 'ollama':
      return createOllamaProvider({ ...config, ...outgoing });
    case 'http':
      return createDeclaredHttpProvider({ ...config, ...outgoing });
    case 'graphql':
      return createGraphqlProvider({ ...config, ...outgoing });
    case 'websocket':
      return createWebSocketProvider({ ...config, ...outgoing });
    case 'module':
      return moduleOf(config.module, modules).create(config);
    case 'demo':
      return createDemoProvider(config.id);
  }
}

/** @throws Error for a module that was not loaded: a mistake in our own start-up code */
function moduleOf(path: string, modules: ReadonlyMap<string, ProviderModule>): ProviderModule {
  const module = modules.get(path);
  if (!module) throw new Error(`the provider module ${path} is not loaded`);
  return module;
}
