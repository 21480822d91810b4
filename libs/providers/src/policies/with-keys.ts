import { createHash } from 'node:crypto';
import type { Health, Provider } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';

/** The key fields of every entry. */
interface Keys {
  readonly apiKey?: string | undefined;
  readonly apiKeys?: readonly string[] | undefined;
}

/** Enough to distinguish a few keys, and to identify one: `printf %s "$KEY" | sha256sum`. */
const FINGERPRINT_LENGTH = 12;

/** The provider, by each of its keys where the entry has several. Requests other than model calls use the first key that works. */
export function withKeys<Config extends object>(config: Config & Keys, create: (config: Config) => Provider): Provider {
  if (!config.apiKeys) return create(config);
  const { apiKeys, ...rest } = config;
  const byKey = apiKeys.map((apiKey) => ({
    key: createHash('sha256').update(apiKey).digest('hex').slice(0, FINGERPRINT_LENGTH),
    provider: create({ ...rest, apiKey } as Config & Keys),
  }));
  const providers = byKey.map(({ provider }) => provider);
  const [first] = providers as [Provider];
  const { transcribe, countTokens } = first;
  return {
    ...first,
    byKey,
    listModels: (signal) => byAnyOf(providers, (one) => one.listModels(signal)),
    healthCheck: (signal) => healthOf(providers, signal),
    ...(transcribe && {
      transcribe: (...given: Parameters<typeof transcribe>) =>
        byAnyOf(providers, (one) => (one.transcribe as typeof transcribe)(...given)),
    }),
    ...(countTokens && {
      countTokens: (...given: Parameters<typeof countTokens>) =>
        byAnyOf(providers, (one) => (one.countTokens as typeof countTokens)(...given)),
    }),
  };
}

/** @throws what the last one has thrown */
async function byAnyOf<T>(providers: readonly Provider[], ask: (provider: Provider) => Promise<T>): Promise<T> {
  const last = providers.length - 1;
  for (const [index, provider] of providers.entries()) {
    try {
      return await ask(provider);
    } catch (error) {
      if (index === last || !isAboutKey(error)) throw error;
    }
  }
  throw new Error('a provider with keys has at least one');
}

/** Healthy when it is healthy with any of the keys. */
async function healthOf(providers: readonly Provider[], signal: AbortSignal): Promise<Health> {
  let health: Health | undefined;
  for (const provider of providers) {
    health = await provider.healthCheck(signal);
    if (health.ok || !isAboutKey(health.error)) break;
  }
  return health as Health;
}

const isAboutKey = (error: unknown): boolean =>
  error instanceof ProviderError && (error.code === 'bad_key' || error.code === 'rate_limited');
