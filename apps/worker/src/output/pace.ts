/** Events of an assistant's own code after which other work of this process gets its turn. */
const EVENTS_IN_A_ROW = 256;

/**
 * Lets timers and streams of other runs go on beside code that emits without waiting for anything. Awaiting what is done already
 * never leaves the microtasks: such a loop would hold the whole process, its run's own deadline included.
 */
export class Pace {
  private events = 0;

  /** Counts an event; a promise only where it is time for others. */
  next(): Promise<void> | undefined {
    this.events += 1;
    return this.events % EVENTS_IN_A_ROW === 0 ? othersFirst() : undefined;
  }
}

/** Resolves when timers and input that are due have had their turn. */
export const othersFirst = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
