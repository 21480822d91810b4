import { POLICY_DEFAULTS } from './spec/policy-config.js';
import type { Health, ModelInfo, Provider } from './spec/provider.js';
import { ProviderError } from './spec/provider-error.js';

/** The models of one provider, or the error that it answered with. */
export type ProviderModels =
  | { readonly id: string; readonly models: readonly ModelInfo[] }
  | { readonly id: string; readonly error: ProviderError };

/** The health of one provider. */
export interface ProviderHealth {
  readonly id: string;
  readonly health: Health;
}

/** How long a list of models is cached. */
const CACHE_MS = 5 * 60_000;

/** Lists models and checks health of all providers at once. One that fails or hangs does not affect the others. */
export function createProviderDirectory(
  providers: readonly Provider[],
  {
    now = Date.now,
    askLimitMs = POLICY_DEFAULTS.directory.askLimitMs,
  }: { readonly now?: () => number; readonly askLimitMs?: number },
) {
  const lists = new Map<string, { readonly models: readonly ModelInfo[]; readonly until: number }>();

  async function modelsOf(provider: Provider, signal: AbortSignal): Promise<ProviderModels> {
    const { id } = provider;
    if (provider.models) return { id, models: provider.models.map((model) => ({ id: model })) };
    const cached = lists.get(id);
    if (cached && cached.until > now()) return { id, models: cached.models };
    try {
      const models = await within(provider, askLimitMs, signal, (limited) => provider.listModels(limited));
      lists.set(id, { models, until: now() + CACHE_MS });
      return { id, models };
    } catch (error) {
      return { id, error: failureOf(id, error, signal) };
    }
  }

  async function healthOf(provider: Provider, signal: AbortSignal): Promise<ProviderHealth> {
    const { id } = provider;
    const start = now();
    try {
      const health = await within(provider, askLimitMs, signal, (limited) => provider.healthCheck(limited));
      return { id, health };
    } catch (error) {
      const latencyMs = Math.round(now() - start);
      return { id, health: { ok: false, latencyMs, error: failureOf(id, error, signal) } };
    }
  }

  return {
    listModels: (signal: AbortSignal) => Promise.all(providers.map((provider) => modelsOf(provider, signal))),
    health: (signal: AbortSignal) => Promise.all(providers.map((provider) => healthOf(provider, signal))),
  };
}

/** A custom provider may throw anything; that does not affect the others either. @throws `signal.reason` once aborted */
function failureOf(id: string, error: unknown, signal: AbortSignal): ProviderError {
  signal.throwIfAborted();
  if (error instanceof ProviderError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ProviderError('unavailable', { ref: { provider: id }, detail, cause: error });
}

/** @throws ProviderError `timeout`, what the provider throws, or `signal.reason` once aborted */
async function within<T>(
  { id }: Provider,
  limitMs: number,
  signal: AbortSignal,
  ask: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const late = new ProviderError('timeout', { ref: { provider: id }, detail: `no answer within ${limitMs} ms` });
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(late), limitMs);
  const limited = AbortSignal.any([signal, limit.signal]);
  try {
    // A provider that ignores the signal is no longer waited for.
    return await Promise.race([ask(limited), rejected(limited)]);
  } finally {
    clearTimeout(timer);
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
