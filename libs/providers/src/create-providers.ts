import { withAcceptedFiles } from './attachments/with-accepted-files.js';
import type { Kind } from './adapters/kind.js';
import { kindOf } from './adapters/kinds.js';
import type { ProviderModule } from './adapters/provider-module.js';
import { withConversation } from './conversation/with-conversation.js';
import { type Outgoing, type ProxyOf, proxyOf } from './http/proxy-of.js';
import { withModelIds } from './model-id.js';
import { withKeys } from './policies/with-keys.js';
import { withPolicies } from './policies/with-policies.js';
import { ProviderConfig, type ProviderConfigInput } from './provider-config.js';
import type { Provider } from './spec/provider.js';
import { ProviderError } from './spec/provider-error.js';

/** What applies to all providers that are made together. */
export interface CreateProvidersOptions {
  /** The proxy for a URL whose entry has no setting; by default none. */
  readonly proxyOf?: ProxyOf;
  /** See {@link Outgoing.headersNow}. */
  readonly headersNow?: Outgoing['headersNow'];
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
    const kind = kindOf(config);
    // A module makes its own requests; its `proxy` is a setting of its own.
    const proxy = 'proxy' in config && config.kind !== 'module' ? config.proxy : undefined;
    const outgoing = { proxyOf: proxyOf(proxy, options.proxyOf), headersNow: options.headersNow };
    const context = { outgoing, modules };
    const provider = withPolicies(
      config,
      withKeys(config, (one) => fitting(kind.create(one, context), kind, one)),
      kind.isOwnServer?.(config) ?? false,
    );
    return 'onlyListed' in config && config.onlyListed ? onlyListed(provider) : provider;
  });
}

/** Each prompt as its server takes it: first what files are, then what is said by whom. */
function fitting(provider: Provider, kind: Kind, config: ProviderConfig): Provider {
  const speaking = withConversation({ ...config, ...kind.speaker?.(config) }, provider);
  return withModelIds(withAcceptedFiles(speaking, kind.acceptedFiles(config), kind.sendsWholeFiles));
}

function onlyListed(provider: Provider): Provider {
  const allowed = provider.models ?? [];
  return {
    ...provider,
    listModels: async () => allowed.map((model) => ({ id: model })),
    model(model, conversation) {
      if (allowed.includes(model)) return provider.model(model, conversation);
      const detail = `"${model}" is not offered; allowed models: ${allowed.join(', ')}`;
      throw new ProviderError('model_unknown', { ref: { provider: provider.id, model }, detail });
    },
  };
}
