import { setTimeout as wait } from 'node:timers/promises';

/** Waits so many milliseconds. @throws `signal.reason` as soon as the signal is aborted */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    // Node throws an AbortError of its own around the reason.
    throw signal.aborted ? signal.reason : error;
  }
};
