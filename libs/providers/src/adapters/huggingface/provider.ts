import type { Json } from '../../http/json.js';
import type { Outgoing } from '../../http/proxy-of.js';
import { dialect } from '../openai/chat/dialect.js';
import { carriedBy } from '../../wire/carrier.js';
import { createHttpProvider, DEFAULT_DEPS, type ModelListing } from '../../wire/http-provider.js';
import { createOpenAIProvider } from '../openai/provider.js';
import { Transport } from '../../wire/transport.js';
import { type ListedModel, readModels } from '../../wire/model-info.js';
import type { WireFormat } from '../../wire/wire-format.js';
import { seenBy } from '../../traits/sees-pictures.js';
import type { Capability } from '../../spec/capability.js';
import type { KeyConfig, Provider } from '../../spec/provider.js';
import { chatTemplate } from './request/chat-template.js';
import type { HuggingFaceConfig } from './config.js';
import { GenerationReader } from './answer/from-wire.js';
import { DEFAULT_MAX_TOKENS, toWire } from './request/to-wire.js';

const TEXT: readonly Capability[] = ['chat', 'generate'];

const ROUTER = 'https://router.huggingface.co';

interface Api {
  readonly baseUrl: string;
  readonly defaultModel: string;
  readonly capabilities: readonly Capability[];
}

const APIS: Readonly<Record<HuggingFaceConfig['api'], Api>> = {
  chat: {
    baseUrl: `${ROUTER}/v1`,
    defaultModel: 'openai/gpt-oss-120b',
    capabilities: [...TEXT, 'stream', 'reasoning', 'vision', 'tools', 'json'],
  },
  'text-generation-inference': {
    baseUrl: 'http://localhost:8080',
    defaultModel: 'default',
    capabilities: [...TEXT, 'stream'],
  },
  inference: {
    baseUrl: `${ROUTER}/hf-inference`,
    defaultModel: 'HuggingFaceTB/SmolLM3-3B',
    capabilities: TEXT,
  },
};

/** The classic API has no list of its own: some that it has long served, and that follow instructions. */
const CLASSIC_MODELS = [
  'HuggingFaceTB/SmolLM3-3B',
  'HuggingFaceH4/zephyr-7b-beta',
  'mistralai/Mistral-7B-Instruct-v0.3',
  'microsoft/Phi-3-mini-4k-instruct',
  'google/flan-t5-xxl',
];

/** `GET /info` (https://huggingface.github.io/text-generation-inference). */
const describe = (info: Json): ListedModel => ({
  id: info['model_id'],
  contextWindow: [info['max_total_tokens'], info['max_input_tokens'], info['max_input_length']],
});

/** Models by their names at the Hub, or the one that a text-generation-inference server was started with. */
export function createHuggingFaceProvider(config: HuggingFaceConfig & Outgoing): Provider {
  const { baseUrl, ...api } = APIS[config.api];
  const settings = {
    ...config,
    name: config.name ?? 'Hugging Face',
    baseUrl: config.baseUrl ?? baseUrl,
    defaultModel: config.defaultModel ?? api.defaultModel,
    capabilities: seenBy(api.capabilities),
    keyConfig: keyConfigOf(config),
  };
  if (config.api === 'chat')
    return createOpenAIProvider({ ...settings, wire: 'chat', dialect: dialect({ server: 'huggingface' }) });
  const transport = new Transport(settings, DEFAULT_DEPS.now);
  return createHttpProvider({
    ...settings,
    carrier: carriedBy(transport, hasDetails(config) ? '/generate_stream' : modelPath),
    secrets: transport.secrets,
    format: formatOf(config),
    listing: listingOf(config, settings.defaultModel, transport),
  });
}

function keyConfigOf(config: HuggingFaceConfig): KeyConfig {
  const required = config.baseUrl === undefined && config.api !== 'text-generation-inference';
  return { required, label: 'Hugging Face token', where: 'https://huggingface.co/settings/tokens' };
}

const hasDetails = ({ api }: HuggingFaceConfig): boolean => api === 'text-generation-inference';

/** The classic API answers in one body, the other with server-sent events. */
function formatOf(config: HuggingFaceConfig): WireFormat {
  const template = chatTemplate(config);
  const details = hasDetails(config);
  return {
    settingFacts: () => ({ defaults: { maxTokens: DEFAULT_MAX_TOKENS } }),
    toWire: (call, ref) => toWire(call, ref, { template, details }),
    newReader: (context) => new GenerationReader(context),
  };
}

function listingOf({ id, api }: HuggingFaceConfig, defaultModel: string, transport: Transport): ModelListing {
  const readAt = (path: string) => (signal: AbortSignal) =>
    transport.read('GET', path, { ref: { provider: id } }, signal);
  if (api === 'inference') return { read: readAt(modelPath(defaultModel)), known: CLASSIC_MODELS };
  return { read: readAt('/info'), modelsOf: (json) => readModels([json], describe) };
}

/** The slash in a model's name stays one. */
const modelPath = (model: string) => `/models/${model.split('/').map(encodeURIComponent).join('/')}`;
