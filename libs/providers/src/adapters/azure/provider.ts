import type { OpenAI } from 'openai';
import type { Outgoing } from '../../http/proxy-of.js';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { seenBy } from '../../traits/sees-pictures.js';
import type { Capability } from '../../spec/capability.js';
import type { KeyConfig, Provider } from '../../spec/provider.js';
import { DEFAULT_DEPS } from '../../wire/http-provider.js';
import { withModelInPath } from '../../wire/model-in-path.js';
import { dialect, type Dialect } from '../openai/chat/dialect.js';
import { clientOptions, createOpenAIClient, loadOpenAI } from '../openai/client.js';
import { createOpenAIProvider } from '../openai/provider.js';
import { EntraConfig } from './entra/config.js';
import { applicationTokens, machineTokens } from './entra/tokens.js';
import type { AzureConfig } from './config.js';

const CAPABILITIES: readonly Capability[] = ['chat', 'generate', 'stream', 'reasoning', 'vision', 'tools', 'json'];

/**
 * OpenAI's models at Azure (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle). Its list has the
 * models that could be deployed, not the deployments, which are what can be called: so the configured ones are offered.
 */
export function createAzureProvider(config: AzureConfig & Outgoing, now = DEFAULT_DEPS.now): Provider {
  const { apiVersion, apiKey, headers, defaultModel, models, ...rest } = config;
  const endpoint = config.endpoint.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/, '');
  const baseUrl = apiVersion === undefined ? `${endpoint}/openai/v1` : `${endpoint}/openai`;
  const provider = createOpenAIProvider({
    ...rest,
    baseUrl,
    defaultModel,
    models,
    headers: { ...(apiKey !== undefined && { 'api-key': apiKey }), ...headers },
    name: config.name ?? 'Azure OpenAI',
    capabilities: seenBy(CAPABILITIES),
    keyConfig: keyConfigOf(config),
    tokens: tokensOf(config, now),
    client: (sdk) => clientOf(config, baseUrl, sdk),
    dialect: dialectOf(apiVersion),
    known: models ?? [defaultModel],
  });
  return apiVersion === undefined ? provider : withModelInPath(provider, 'a deployment');
}

function tokensOf({ entra, credentials, ...settings }: AzureConfig & Outgoing, now: () => number) {
  if (credentials) return machineTokens({ ...settings, entra: entra ?? EntraConfig.parse({}) }, now);
  return entra && applicationTokens({ ...settings, entra }, now);
}

const ROLE = 'and give it the role "Cognitive Services OpenAI User" at the resource';

function keyConfigOf({ entra, credentials }: AzureConfig): KeyConfig {
  if (credentials) {
    return { required: true, label: 'Azure credentials of this machine', where: `Assign it an identity, ${ROLE}.` };
  }
  if (entra) {
    const where = `https://entra.microsoft.com, under "App registrations": register an application, ${ROLE}`;
    return { required: true, label: 'Application of Microsoft Entra ID', where };
  }
  const where = 'https://portal.azure.com, at the resource under "Keys and Endpoint"';
  return { required: true, label: 'Azure OpenAI key', where };
}

/** The v1 API is OpenAI's own; the one by versions names the deployment in the path, which the SDK's Azure client writes. */
function clientOf({ kind, apiVersion }: AzureConfig, baseUrl: string, sdk: SdkTransport): OpenAI {
  if (apiVersion === undefined) return createOpenAIClient({ kind, baseUrl }, sdk);
  const { AzureOpenAI } = loadOpenAI(kind);
  // The constructor insists on a key; the one that is used stands in the headers, which take precedence.
  const { defaultHeaders, ...options } = clientOptions(sdk);
  const headers = { 'api-key': null, ...defaultHeaders };
  return withoutEnvironment(
    () => new AzureOpenAI({ ...options, defaultHeaders: headers, baseURL: baseUrl, apiKey: 'none', apiVersion }),
  );
}

/** `max_completion_tokens` and `stream_options` came with 2024-09-01-preview; what is older knows neither. */
function dialectOf(apiVersion: string | undefined): Dialect {
  if (apiVersion !== undefined && apiVersion < '2024-09-01')
    return dialect({ server: 'azure-openai', streamOptions: false });
  return dialect({ server: 'azure-openai', fields: { maxTokens: 'max_completion_tokens' } });
}
