/** How many calls of this process wait for one of the concurrent ones that a limit allows, by the limit's scope. */
export class LimitWaits {
  readonly #counts = new Map<string, number>();

  /** The result ends the wait; to be called once. */
  begin(scope: string): () => void {
    this.#add(scope, 1);
    return () => this.#add(scope, -1);
  }

  /** Scopes that nothing waits for are absent. */
  list(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #add(scope: string, more: number): void {
    const count = (this.#counts.get(scope) ?? 0) + more;
    if (count === 0) this.#counts.delete(scope);
    else this.#counts.set(scope, count);
  }
}
