/** Postgres' clock at this moment, in milliseconds, as everything that we date. `now()` may be from before a lock. */
export const MOMENT = `date_trunc('milliseconds', clock_timestamp())`;

/**
 * The thread's `last_item_at` after an item with such a time: never earlier than before, and never ahead of Postgres' clock.
 * An item that we have dated is stored with it.
 */
export const raisedTo = (createdAt: string): string =>
  `greatest(last_item_at, least(${createdAt}::timestamptz, clock_timestamp()))`;
