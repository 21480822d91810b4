import { engineKinds } from './engines.js';

/** `CHAOS=long`: outages as long as the promises name them, and many more faults. Otherwise the short form of `npm test`. */
export const isLong = process.env.CHAOS === 'long';

/** For scenarios of half a minute and more: both engines in the long form, the first one otherwise. */
export const someEngines = isLong ? engineKinds : engineKinds.slice(0, 1);

/** `CHAOS_SEED` plays the same faults again. */
export const chaosSeed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
