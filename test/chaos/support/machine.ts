import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, spread } from './figures.js';

/** Where even a request that asks nothing of the product takes longer, the machine is busy with something else. */
const BUSY_MS = 50;

/** What a test may know of the machine while it measured; without it, a promise in milliseconds says little. */
export interface MachineReport {
  /** Of requests that only the web server answers. */
  readonly figures: string;
  /** Figures may be printed, but hold nobody to a time. */
  readonly isBusy: boolean;
}

/** Asks an API for nothing, again and again, until it is stopped. */
export function watchMachine(apiUrl: () => string): { stop(): Promise<MachineReport> } {
  const over = new AbortController();
  const watching = (async () => {
    const took: number[] = [];
    while (!over.signal.aborted) {
      const sentAt = performance.now();
      await (await fetch(`${apiUrl()}/health/live`)).text();
      took.push(performance.now() - sentAt);
      await sleep(25);
    }
    return took;
  })();
  return {
    async stop() {
      over.abort();
      const took = await watching;
      const isBusy = percentile(took, 0.95) > BUSY_MS;
      return { figures: `${spread(took, [0.5, 0.95])}${isBusy ? ' (busy: nothing is held to a time)' : ''}`, isBusy };
    },
  };
}
