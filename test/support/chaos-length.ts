/** `CHAOS=long`: outages as long as the promises name them, and many more faults. Otherwise the short form of `npm test`. */
export const isLong = process.env.CHAOS === 'long';

/** `CHAOS_SEED` plays the same faults again. */
export const chaosSeed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
