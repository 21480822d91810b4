const WAIT_MS = 2_000;

/** The stops that are being sent to the server. */
export class Stops {
  readonly #asked = new Set<Promise<void>>();

  add(asked: Promise<void>): void {
    const done: Promise<void> = asked.finally(() => this.#asked.delete(done));
    this.#asked.add(done);
  }

  /** Resolves when the server has confirmed all of them; after 2 s at the latest, since it may be out of reach. */
  async known(): Promise<void> {
    if (this.#asked.size === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, WAIT_MS)));
    await Promise.race([Promise.allSettled(this.#asked), late]);
    clearTimeout(timer);
  }
}
