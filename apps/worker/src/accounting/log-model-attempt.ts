import type { ModelAttempt } from '#providers';
import type { Logger } from '#runtime';

/** One line for each model attempt. No word of prompt or answer, and no key: stop strings are the assistant's words. */
export function logModelAttempt(logger: Pick<Logger, 'info'>, attempt: ModelAttempt): void {
  const { ref, outcome, error, usage, usageIs, costMicros, messages, firstPartMs, durationMs, characters } = attempt;
  const { stop, ...settings } = attempt.settings ?? {};
  logger.info(
    {
      ...ref,
      outcome,
      ...(error && { code: error.code }),
      messages,
      settings: { ...settings, ...(stop && { stop: stop.length }) },
      firstPartMs,
      durationMs,
      characters,
      usage,
      costMicros,
      estimated: usageIs === 'estimated',
    },
    'model attempt',
  );
}
