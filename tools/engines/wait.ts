import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 25;

/** Polls until there is an answer; undefined after the time limit. */
export async function waitFor<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  forMs: number,
): Promise<T | undefined> {
  for (const end = Date.now() + forMs; ; await sleep(STEP_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= end) return undefined;
  }
}

export async function waitUntilGone(pids: Iterable<number>, forMs: number): Promise<boolean> {
  const all = [...pids];
  return (await waitFor(() => (all.some(isAlive) ? undefined : true), forMs)) ?? false;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process that has already ended is not an error. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
