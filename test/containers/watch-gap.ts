import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 50;
const ANSWERS_WITHIN_MS = 2_000;

/** Asks an address all the time. `stop`: the longest time without an answer that is well, in milliseconds. */
export function watchGap(url: string): { stop(): Promise<number> } {
  const over = new AbortController();
  let longest = 0;
  const watching = (async () => {
    let wellAt = performance.now();
    while (!over.signal.aborted) {
      const isWell = await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isWell) {
        longest = Math.max(longest, performance.now() - wellAt);
        wellAt = performance.now();
      }
      await sleep(ASK_EVERY_MS);
    }
    return Math.round(longest);
  })();
  return {
    stop: () => {
      over.abort();
      return watching;
    },
  };
}
