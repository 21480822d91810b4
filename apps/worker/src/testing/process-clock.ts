import type { DatabaseClock } from '#runtime';

/** The clock of this process instead of Postgres'. */
export const processClock = { now: () => new Date() } as DatabaseClock;
