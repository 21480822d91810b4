import type { TurnOutput } from './turn-output.js';

/** Sends what an assistant's own code yields, each event before the code goes on; leaves it when the turn is stopped. */
export async function passOn(output: TurnOutput, events: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  const stopped = whenAborted(signal);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped.promise]);
      if (next.done) return;
      await output.emitChecked(next.value);
    }
  } finally {
    stopped.forget();
    // Code that waits for something else may never come back: its end is not waited for.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function whenAborted(signal: AbortSignal) {
  const { promise, reject } = withReject();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  promise.catch(() => undefined);
  return { promise, forget: () => signal.removeEventListener('abort', abort) };
}

function withReject() {
  let reject: (reason: unknown) => void;
  const promise = new Promise<never>((_, fail) => (reject = fail));
  return { promise, reject: (reason: unknown) => reject(reason) };
}
