import { test } from 'vitest';

interface Stoppable {
  stop(): unknown;
}

/** Takes over what stops after the test. */
export type Own = <T extends Stoppable>(one: T) => T;

/** `it` for tests that start something of their own: what `own` is given stops after the test, the last one first. */
export const it = test.extend('own', ({ onTestFinished }) => {
  const owned: Stoppable[] = [];
  onTestFinished(async () => {
    for (const one of owned.toReversed()) await one.stop();
  });
  const own: Own = (one) => {
    owned.push(one);
    return one;
  };
  return own;
});
