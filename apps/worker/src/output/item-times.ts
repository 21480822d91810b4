import type { ThreadItem } from '#chatkit';
import type { DatabaseClock } from '#runtime';

/** Dates the items of a turn by Postgres' clock, and tells these times from those that an assistant's code has chosen. */
export class ItemTimes {
  private readonly given = new Set<string>();

  constructor(readonly clock: Pick<DatabaseClock, 'now'>) {}

  /** ISO 8601. */
  next(): string {
    const time = this.clock.now().toISOString();
    this.given.add(time);
    return time;
  }

  /** The time of an item is none of ours: it is stored as it is. */
  readonly isChosen = ({ created_at }: Pick<ThreadItem, 'created_at'>): boolean => !this.given.has(created_at);
}
