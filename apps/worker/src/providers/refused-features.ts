import { Injectable } from '@nestjs/common';
import type { PolicyEvent } from '#providers';
import { DatabaseClock, type PublishedRefusal } from '#runtime';
import { ExpiringList } from './expiring-list.js';

const MAX_ENTRIES = 200;

/** What models have refused, as far as this worker knows, for as long as they are asked without it. */
@Injectable()
export class RefusedFeatures extends ExpiringList<PublishedRefusal> {
  constructor(clock: DatabaseClock) {
    super(clock, MAX_ENTRIES);
  }

  take(event: PolicyEvent): void {
    if (event.type !== 'features_refused') return;
    const { provider, model } = event.ref;
    for (const feature of event.features) {
      this.hold(`${provider}/${model} ${feature}`, event.forMs, (until) => ({ provider, model, feature, until }));
    }
    this.changed();
  }
}
