import { setTimeout as sleep } from 'node:timers/promises';

/** Whether `npm start` has started this app. Read before anything else runs: a channel may close later. */
export const isSupervised = process.send !== undefined;

/** Sends a message to the launcher that started this app; does nothing without one. */
export function reportReady(message: { readonly type: 'ready' } & Record<string, unknown>): void {
  if (process.connected) process.send?.(message);
}

/** What a process that stops waits for. */
export interface StopWait {
  /** In words: `2 answers`. */
  readonly waitsFor: string;
  /** ISO 8601. It does not wait any longer. */
  readonly until: string;
}

/** For {@link reportStopping} and the log; undefined when there is nothing to wait for. */
export function stopWait(count: number, what: string, graceMs: number): StopWait | undefined {
  if (count === 0) return undefined;
  const until = new Date(Date.now() + graceMs).toISOString();
  return { waitsFor: `${count} ${what}${count === 1 ? '' : 's'}`, until };
}

/** Tells the launcher, which says it to the person at the terminal. */
export function reportStopping(wait: StopWait): void {
  if (process.connected) process.send?.({ type: 'stopping', ...wait });
}

/**
 * Calls back once when it is time to stop: on a signal, or when the launcher is gone. A second signal ends the process at
 * once, for users who cannot wait; so does the timeout `withinMs`, because a connection to an unavailable server may not close.
 */
export function onStop(stop: (reason: string) => void, withinMs: number): void {
  let stopping = false;
  const handle = (reason: string): void => {
    if (stopping && reason !== 'launcher is gone') process.exit(1);
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    stop(reason);
  };
  process.on('SIGTERM', () => handle('SIGTERM'));
  process.on('SIGINT', () => handle('SIGINT'));
  if (!isSupervised) return;
  // The launcher may have gone while this process was still starting.
  if (process.connected) process.on('disconnect', () => handle('launcher is gone'));
  else handle('launcher is gone');
}

const CLOSE_CONNECTIONS_MS = 2_000;

/** Closes the connections when the work is done. Those to an unavailable server do not close: then the process just ends. */
export async function closeConnections(app: { close(): Promise<void> }): Promise<void> {
  await Promise.race([app.close(), sleep(CLOSE_CONNECTIONS_MS)]);
}
