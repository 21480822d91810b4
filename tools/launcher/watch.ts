import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 700;

export interface Sources {
  /** Changes with every edit. */
  state: () => string;
  rebuild: () => Promise<void>;
}

/**
 * Polls instead of using file events: checking a few hundred files takes milliseconds, and events are lost on network
 * and container mounts. Waits for a save that is still in progress.
 */
export async function watch(
  { state, rebuild }: Sources,
  restart: () => Promise<void> | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let built = state(); !signal.aborted; await sleep(LOOK_EVERY_MS)) {
    const seen = state();
    if (seen === built) continue;
    await sleep(LOOK_EVERY_MS / 4);
    if (state() !== seen) continue;
    built = seen;
    try {
      await rebuild();
      if (!signal.aborted) await restart();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error)); // the apps of the last good build keep running
    }
  }
}
