import { unlessAborted } from '#providers';
import type { TurnOutput } from '../output/turn-output.js';

/** Emits what an assistant's own code yields, each event before the code continues; leaves it when the turn is stopped. */
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
    // Code that waits for something else may never return: its end is not awaited.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
