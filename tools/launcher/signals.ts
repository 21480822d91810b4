/** npm passes a Ctrl-C on to us that the terminal has already delivered: a second one counts only after this long. */
const SAME_KEYPRESS_MS = 700;

/** The first signal asks to stop, a later one to hurry. */
export function onStopSignals(stop: () => void, hurry: () => void): void {
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        stop();
      } else if (Date.now() - firstAt > SAME_KEYPRESS_MS) hurry();
    });
  }
}

const LOOK_EVERY_MS = 250;

/**
 * npm passes a SIGTERM on to the shell in which it runs us, and that shell may end without passing it on. Whoever starts us without npm
 * may end before us.
 */
export function onLostShell({ npm_lifecycle_event: script }: NodeJS.ProcessEnv, stop: () => void): void {
  if (script !== 'start' && script !== 'dev') return;
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS).unref();
}
