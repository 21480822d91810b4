/**
 * How many calls of this process have one of the concurrent ones that a limit allows, and how many wait for one, by the limit's
 * scope.
 */
export class LimitWaits {
  readonly #waiting = new Counts();
  readonly #held = new Counts();

  /** The result ends the wait; to be called once. */
  begin(scope: string): () => void {
    return this.#waiting.begin(scope);
  }

  /** The result gives the place back; to be called once. */
  hold(scope: string): () => void {
    return this.#held.begin(scope);
  }

  /** Scopes that nothing waits for are absent. */
  list(): Readonly<Record<string, number>> {
    return this.#waiting.list();
  }

  /** Scopes of which nothing is held are absent. */
  held(): Readonly<Record<string, number>> {
    return this.#held.list();
  }
}

class Counts {
  readonly #counts = new Map<string, number>();

  begin(scope: string): () => void {
    this.#add(scope, 1);
    return () => this.#add(scope, -1);
  }

  list(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #add(scope: string, more: number): void {
    const count = (this.#counts.get(scope) ?? 0) + more;
    if (count === 0) this.#counts.delete(scope);
    else this.#counts.set(scope, count);
  }
}
