import { DelegateBackoff, ExponentialBackoff, halfJitterGenerator, type IBackoff } from 'cockatiel';
import { ProviderError } from '../spec/provider-error.js';
import { sleep } from '../timing/sleep.js';
import type { RetryRule } from './call-rules.js';
import { isRefusal } from './refusal.js';

/** Exactly the wait that the provider asks for; otherwise exponential backoff with jitter. */
const backoffOf = ({ firstWaitMs, maxWaitMs }: RetryRule) =>
  new DelegateBackoff<ProviderError, IBackoff<unknown>>(({ retryAfterMs }, last) => {
    const exponential = last
      ? last.next(undefined)
      : new ExponentialBackoff({
          initialDelay: firstWaitMs,
          maxDelay: maxWaitMs,
          generator: halfJitterGenerator,
        }).next();
    return { delay: retryAfterMs ?? exponential.duration, state: exponential };
  });

/**
 * Retries while that may help, and only before any output. @throws the last error, or `signal.reason` once aborted
 */
export async function withRetries<T>(
  rule: RetryRule,
  signal: AbortSignal,
  ask: () => Promise<T>,
  onRetry: (error: ProviderError, waitMs: number) => void,
): Promise<T> {
  let backoff: IBackoff<ProviderError> | undefined;
  let last: ProviderError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      // The provider's own error is more useful than one about retries.
      if (last && error instanceof Error && isRefusal(error)) throw last;
      if (signal.aborted || attempt >= rule.attempts || !isWorthRetrying(error, rule)) throw error;
      backoff = backoff ? backoff.next(error) : backoffOf(rule).next(error);
      last = error;
      onRetry(error, backoff.duration);
      await sleep(backoff.duration, signal);
    }
  }
}

/**
 * No retry after our own deadline for an answer, because the provider has used up its time, and none when it asks for a
 * longer wait than the rule allows.
 */
function isWorthRetrying(error: unknown, { maxWaitMs }: RetryRule): error is ProviderError {
  if (!(error instanceof ProviderError) || !error.retryable || isRefusal(error)) return false;
  if (error.phase !== undefined && error.phase !== 'connect') return false;
  return (error.retryAfterMs ?? 0) <= maxWaitMs;
}
