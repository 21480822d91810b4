import { Store } from './store.js';

type Fetch = typeof globalThis.fetch;

/** What a proxy answers while the server behind it is away. */
const AWAY = new Set([502, 504]);

/** Whether the newest request has reached the server: a stream that has broken is resumed in silence, for about a minute. */
export class Reach {
  readonly store = new Store<{ readonly isAway: boolean }>({ isAway: false });

  /** `fetch` that takes note of it. */
  readonly noting =
    (fetch: Fetch): Fetch =>
    async (input, init) => {
      try {
        const response = await fetch(input, init);
        this.#note(AWAY.has(response.status));
        return response;
      } catch (error) {
        const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
        if (!signal?.aborted) this.#note(true);
        throw error;
      }
    };

  #note(isAway: boolean): void {
    if (this.store.latest.isAway !== isAway) this.store.set({ isAway });
  }
}
