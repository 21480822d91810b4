import type { Variables } from './processes.js';

/** For a process of the product: its clock is ahead by so many seconds, or behind. */
export const clockAhead = (seconds: number): Variables => ({
  NODE_OPTIONS: `--import ${new URL('skewed-clock.mjs', import.meta.url).href}`,
  CLOCK_SKEW_MS: String(seconds * 1000),
});
