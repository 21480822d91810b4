import type { Health } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';

/** Makes the request and measures its time. @throws errors of `ask` that are not a ProviderError */
export async function checkHealth(ask: () => Promise<unknown>): Promise<Health> {
  const start = performance.now();
  const latencyMs = () => Math.round(performance.now() - start);
  try {
    await ask();
    return { ok: true, latencyMs: latencyMs() };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { ok: false, latencyMs: latencyMs(), error };
  }
}
