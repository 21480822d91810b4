import { kindOf } from './adapters/kinds.js';
import { ProviderConfig, type ProviderConfigInput } from './provider-config.js';
import type { Provider } from './spec/provider.js';

/** A gateway in between may want its own header in place of the vendor's key. */
const AUTHENTICATING = /auth|key|token|secret/i;

/** For each provider that needs a key and has none, in words for its operator: what is missing, and where to get it. */
export function missingKeys(configs: readonly ProviderConfigInput[], providers: readonly Provider[]): string[] {
  return configs.flatMap((given) => {
    const config = ProviderConfig.parse(given);
    const { id, kind } = config;
    const key = providers.find((provider) => provider.id === id)?.keyConfig;
    if (!key?.required || kind === 'module' || hasKey(config)) return [];
    const { names = {} } = kindOf(config).variables ?? {};
    const variable = 'apiKey' in names ? `, or ${names.apiKey} in the environment` : '';
    return [
      `provider "${id}" has no key (${key.label}): set apiKey of its entry${variable}. Where to get it: ${key.where}`,
    ];
  });
}

function hasKey(config: ProviderConfig): boolean {
  const ways = ['apiKey', 'apiKeys', ...(kindOf(config).variables?.authentication ?? [])];
  const said = new Map(Object.entries(config));
  const headers = 'headers' in config ? Object.keys(config.headers ?? {}) : [];
  return ways.some((way) => said.get(way) !== undefined) || headers.some((name) => AUTHENTICATING.test(name));
}
