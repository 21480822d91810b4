import type { PolicyEvent, ProviderError } from '#providers';
import type { Logger } from '#runtime';

/** One line for each thing that a model call has met on its way, so that an operator knows of it before it ends an answer. */
export function policyEventLogger(logger: Pick<Logger, 'info' | 'warn'>): (event: PolicyEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'retry':
        return logger.info({ ...factsOf(event.error), waitMs: Math.round(event.waitMs) }, 'a model is asked again');
      case 'fallback':
        return logger.warn({ ...factsOf(event.error), next: event.next }, 'another model answers in its place');
      case 'breaker_opened':
        return logger.warn(
          { ...factsOf(event.error), openForMs: event.openForMs },
          'a model is spared: it has failed again and again',
        );
      case 'breaker_closed':
        return logger.info({ ...event.ref }, 'a model that was spared answers again');
      case 'key_set_aside':
        return logger.warn(
          { ...factsOf(event.error), provider: event.provider, keyHash: event.key, forMs: event.forMs },
          'a key was refused and rests',
        );
      case 'state_unreachable':
        return logger.warn({ err: event.error }, 'what the workers know together about providers is out of reach');
      default:
        return event satisfies never;
    }
  };
}

const factsOf = ({ ref, code, detail }: ProviderError) => ({ ...ref, code, detail });
