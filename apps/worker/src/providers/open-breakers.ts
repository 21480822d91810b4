import { Injectable } from '@nestjs/common';
import type { ModelRef, PolicyEvent } from '#providers';
import { DatabaseClock, type PublishedBreaker } from '#runtime';

/** Model names come from requests: no more than this many breakers are listed. */
const MAX_LISTED = 100;

/** The circuit breakers that this worker has seen opening, for as long as they are open. */
@Injectable()
export class OpenBreakers {
  private readonly openUntil = new Map<string, PublishedBreaker>();
  private onChange: (() => void) | undefined;

  constructor(private readonly clock: DatabaseClock) {}

  /** `onChange` is called after each breaker that opens or closes. */
  start(onChange: () => void): void {
    this.onChange = onChange;
  }

  stop(): void {
    this.onChange = undefined;
  }

  take(event: PolicyEvent): void {
    if (event.type === 'breaker_opened') {
      const openUntil = new Date(this.clock.now().getTime() + event.openForMs).toISOString();
      this.openUntil.set(keyOf(event.ref), { ...event.ref, openUntil });
    } else if (event.type === 'breaker_closed') this.openUntil.delete(keyOf(event.ref));
    else return;
    this.onChange?.();
  }

  list(): PublishedBreaker[] {
    for (const [key, { openUntil }] of this.openUntil)
      if (Date.parse(openUntil) <= this.clock.now().getTime()) this.openUntil.delete(key);
    return [...this.openUntil.values()].slice(-MAX_LISTED);
  }
}

const keyOf = ({ provider, model }: ModelRef): string => `${provider}/${model}`;
