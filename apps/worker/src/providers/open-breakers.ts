import type { ModelRef, PolicyEvent } from '#providers';
import type { PublishedBreaker } from '#runtime';

/** Names of models come from requests: of more than this many nobody is told. */
const MAX_TOLD = 100;

/** The breakers that this worker has seen opening, for as long as they are open. */
export class OpenBreakers {
  private readonly openUntil = new Map<string, PublishedBreaker>();
  private onNews: (() => void) | undefined;

  /** `onNews` follows each breaker that opens or closes. */
  start(onNews: () => void): void {
    this.onNews = onNews;
  }

  stop(): void {
    this.onNews = undefined;
  }

  take(event: PolicyEvent): void {
    if (event.type === 'breaker_opened') {
      const openUntil = new Date(Date.now() + event.openForMs).toISOString();
      this.openUntil.set(keyOf(event.ref), { ...event.ref, openUntil });
    } else if (event.type === 'breaker_closed') this.openUntil.delete(keyOf(event.ref));
    else return;
    this.onNews?.();
  }

  list(): PublishedBreaker[] {
    for (const [key, { openUntil }] of this.openUntil)
      if (Date.parse(openUntil) <= Date.now()) this.openUntil.delete(key);
    return [...this.openUntil.values()].slice(-MAX_TOLD);
  }
}

const keyOf = ({ provider, model }: ModelRef): string => `${provider}/${model}`;
