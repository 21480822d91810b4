/** What an app tells the launcher that started it; alone, nobody listens. */
export function reportReady(message: { readonly type: 'ready' } & Record<string, unknown>): void {
  process.send?.(message);
}

/**
 * Calls back once when it is time to stop: a signal, or the launcher is gone. A second signal ends the process at
 * once, for whoever cannot wait.
 */
export function onStop(stop: (reason: string) => void): void {
  let stopping = false;
  const handle = (reason: string): void => {
    if (stopping && reason !== 'launcher is gone') process.exit(1);
    if (!stopping) stop(reason);
    stopping = true;
  };
  process.on('SIGTERM', () => handle('SIGTERM'));
  process.on('SIGINT', () => handle('SIGINT'));
  if (process.send) process.on('disconnect', () => handle('launcher is gone'));
}
