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
