import type { PolicyEvent, ProviderError } from '#providers';
import { type Logger, warnSparingly } from '#runtime';

/** One line for each policy event of a model call, so that an operator sees trouble before it ends an answer. */
export function policyEventLogger(logger: Pick<Logger, 'info' | 'warn'>): (event: PolicyEvent) => void {
  const onUnreachable = warnSparingly(logger, 'the shared state of the policies is unavailable');
  return (event) => {
    const { caller } = event;
    switch (event.type) {
      case 'retry':
        return logger.info(
          { ...caller, ...factsOf(event.error), waitMs: Math.round(event.waitMs) },
          'retrying a model call',
        );
      case 'fallback':
        return logger.warn({ ...caller, ...factsOf(event.error), next: event.next }, 'falling back to another model');
      case 'breaker_opened':
        return logger.warn(
          { ...caller, ...factsOf(event.error), openForMs: event.openForMs },
          'circuit breaker open: the model has failed repeatedly',
        );
      case 'breaker_closed':
        return logger.info({ ...event.ref }, 'circuit breaker closed: the model answers again');
      case 'key_set_aside':
        return logger.warn(
          { ...caller, ...factsOf(event.error), provider: event.provider, keyHash: event.key, forMs: event.forMs },
          event.error.code === 'bad_key'
            ? 'an API key was refused and is not used for a while'
            : 'an API key has reached a limit of the provider and is not used for a while',
        );
      case 'features_refused':
        if (!event.error) return undefined;
        return logger.warn(
          { ...caller, ...factsOf(event.error), features: event.features, forMs: event.forMs },
          'the model has refused a part of the request and is asked without it for a day',
        );
      case 'state_unreachable':
        return onUnreachable(event.error as Error);
      default:
        return event satisfies never;
    }
  };
}

const factsOf = ({ ref, code, detail }: ProviderError) => ({ ...ref, code, detail });
