/** Runs a function before the next frame is painted. */
export type Schedule = (run: () => void) => void;

/**
 * A value that React can subscribe to. What a user does is shown at once; the events of a stream are collected until the
 * next frame, however many arrive before it.
 */
export class Store<T extends object> {
  #latest: T;
  #shown: T;
  #isScheduled = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    initial: T,
    private readonly schedule: Schedule = (run) => run(),
  ) {
    this.#latest = initial;
    this.#shown = initial;
  }

  /** The newest value, rendered or not. */
  get latest(): T {
    return this.#latest;
  }

  /** The rendered value; the same object until the next change. */
  readonly shown = (): T => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(change: Partial<T>): void {
    this.#latest = { ...this.#latest, ...change };
    this.#show();
  }

  /** The same, rendered with the next frame. */
  setSoon(next: T): void {
    if (next === this.#latest) return;
    this.#latest = next;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.schedule(() => {
      this.#isScheduled = false;
      this.#show();
    });
  }

  #show(): void {
    if (this.#shown === this.#latest) return;
    this.#shown = this.#latest;
    for (const listener of this.#listeners) listener();
  }
}
