import { Injectable } from '@nestjs/common';
import type { PolicyEvent } from '#providers';
import { DatabaseClock, type PublishedRefusal } from '#runtime';

/** Model names come from requests: no more than this many are listed. */
const MAX_LISTED = 200;

/** What models have refused, as far as this worker knows, for as long as they are asked without it. */
@Injectable()
export class RefusedFeatures {
  private readonly refused = new Map<string, PublishedRefusal>();
  private onChange: (() => void) | undefined;

  constructor(private readonly clock: DatabaseClock) {}

  /** `onChange` is called after each refusal that was learned. */
  start(onChange: () => void): void {
    this.onChange = onChange;
  }

  stop(): void {
    this.onChange = undefined;
  }

  take(event: PolicyEvent): void {
    if (event.type !== 'features_refused') return;
    const { provider, model } = event.ref;
    const until = new Date(this.clock.now().getTime() + event.forMs).toISOString();
    for (const feature of event.features) {
      this.refused.set(`${provider}/${model} ${feature}`, { provider, model, feature, until });
    }
    this.onChange?.();
  }

  list(): PublishedRefusal[] {
    const now = this.clock.now().getTime();
    for (const [key, { until }] of this.refused) if (Date.parse(until) <= now) this.refused.delete(key);
    return [...this.refused.values()].slice(-MAX_LISTED);
  }
}
