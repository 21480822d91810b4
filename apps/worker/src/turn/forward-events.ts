import type { TurnOutput } from '../output/turn-output.js';
import { unlessAborted } from '../attempt/unless-aborted.js';

/** Sends what an assistant's own code yields, each event before the code goes on; leaves it when the turn is stopped. */
export async function forwardEvents(
  output: TurnOutput,
  events: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await unlessAborted(signal, iterator.next());
      if (next.done) return;
      await output.emitChecked(next.value);
    }
  } finally {
    // Code that waits for something else may never come back: its end is not waited for.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
