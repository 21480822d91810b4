/** Runs a function at the next frame that is drawn. */
export type Schedule = (run: () => void) => void;

/**
 * A value that React can follow. What a person does shows at once; what a stream brings is gathered until the next
 * frame, however many events arrive before it.
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

  /** With all that has happened, drawn or not. */
  get latest(): T {
    return this.#latest;
  }

  /** What is on the screen; the same object until the next change. */
  readonly shown = (): T => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(change: Partial<T>): void {
    this.#latest = { ...this.#latest, ...change };
    this.#show();
  }

  /** The same, drawn with the next frame. */
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
