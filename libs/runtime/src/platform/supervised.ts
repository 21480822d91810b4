import { setTimeout as sleep } from 'node:timers/promises';

/** Known before anything else runs: a channel that has closed since is no sign of having been alone. */
const isSupervised = process.send !== undefined;

/** What an app tells the launcher that started it; alone, nobody listens. */
export function reportReady(message: { readonly type: 'ready' } & Record<string, unknown>): void {
  if (process.connected) process.send?.(message);
}

/**
 * Calls back once when it is time to stop: a signal, or the launcher is gone. A second signal ends the process at
 * once, for whoever cannot wait; so does the time `withinMs`, because what cannot be reached any more cannot be closed well.
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
  // It may have gone while this process was still starting.
  if (process.connected) process.on('disconnect', () => handle('launcher is gone'));
  else handle('launcher is gone');
}

const CLOSE_CONNECTIONS_MS = 2_000;

/** Closes what is left open when the work is done. A connection to what is away does not close: then the process just ends. */
export async function closeConnections(app: { close(): Promise<void> }): Promise<void> {
  await Promise.race([app.close(), sleep(CLOSE_CONNECTIONS_MS)]);
}
