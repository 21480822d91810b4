import { Injectable } from '@nestjs/common';
import type { ModelRef, PolicyEvent } from '#providers';
import { DatabaseClock, type PublishedBreaker } from '#runtime';
import { ExpiringList } from './expiring-list.js';

const MAX_ENTRIES = 100;

/** The circuit breakers that this worker has seen opening, for as long as they are open. */
@Injectable()
export class OpenBreakers extends ExpiringList<PublishedBreaker> {
  constructor(clock: DatabaseClock) {
    super(clock, MAX_ENTRIES);
  }

  take(event: PolicyEvent): void {
    if (event.type === 'breaker_opened') {
      this.hold(keyOf(event.ref), event.openForMs, (openUntil) => ({ ...event.ref, openUntil }));
    } else if (event.type === 'breaker_closed') this.drop(keyOf(event.ref));
    else return;
    this.changed();
  }
}

const keyOf = ({ provider, model }: ModelRef): string => `${provider}/${model}`;
