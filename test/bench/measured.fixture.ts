import type { Measured } from './measure.js';

const SPREAD = { p50: 1, p95: 2, p99: 3 };

/** A slot that says nothing but what a test gives it. */
export const measuredOf = (given: Partial<Measured>): Measured => ({
  variant: 'product',
  isControl: false,
  scenario: 'tiny',
  round: 0,
  turns: 10,
  caughtUp: 0,
  tokens: 20,
  turnsPerSecond: 10,
  tokensPerSecond: 20,
  ttftMs: SPREAD,
  deltaMs: SPREAD,
  cpu: {},
  benchCpu: { client: 1, provider: 1 },
  foreignCores: 0,
  bad: 0,
  faults: [],
  verified: 0,
  ...given,
});
