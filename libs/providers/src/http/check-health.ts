import type { Health } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';

/** Asks, and takes the time. @throws whatever `ask` throws that is no ProviderError */
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
